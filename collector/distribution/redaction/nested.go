package redaction

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// mapValue gathers the entries of a map that is a value.
func (s *sweep) mapValue(where surface, values pcommon.Map, depth int) {
	s.maps = append(s.maps, values)
	at := place{owner: int32(len(s.maps) - 1)}
	for name, value := range values.All() {
		s.name(where, name, at)
		at.value = value
		s.setLink(depth+1, s.linkOf(values, name, value, where, depth))
		s.value(where, at, depth+1)
		at.entry++
	}
}

// linkOf is the key of an entry.
func (s *sweep) linkOf(values pcommon.Map, name string, value pcommon.Value, where surface, depth int) link {
	if other, ok := s.nameBeside(values, name, depth); ok {
		return link{name: other, kind: linkWhole}
	}
	if s.isCardCode(values, name, value, depth) {
		return link{name: "cvv"}
	}
	if isPinField(name, value) {
		return link{name: "pinblock"}
	}
	return link{name: s.asItLeaves(name, where)}
}

// asItLeaves is a name without what must not leave: the value under it is judged by that, so that a second net goes by
// the same name as the first.
func (s *sweep) asItLeaves(name string, where surface) string {
	if s.isClean(name) {
		return name
	}
	one := slot{text: name, form: formText, surface: where}
	counts := s.counts // the name is counted when it is written
	for look := 0; look < looks && s.engine.fault == nil && !one.dropped; look++ {
		length := min(len(one.text), mostBytes)
		copy(s.engine.input, one.text[:length])
		row := s.engine.rows[:rowBytes]
		clear(row)
		binary.LittleEndian.PutUint32(row[8:], uint32(length))
		binary.LittleEndian.PutUint32(row[12:], formText)
		found, texts := s.engine.scan(s.ctx, 1, length)
		if len(found) == 0 {
			break
		}
		s.apply(&one, found, texts)
	}
	s.counts = counts
	return one.text
}

// array gathers the items of an array, each under the array's own key.
func (s *sweep) array(where surface, at place, depth int) {
	items := at.value.Slice()
	under := s.chain[depth].key
	var pairs []string
	if under.kind() == kindNone {
		pairs = s.namesOfPairs(items, depth)
	}
	inner := place{owner: noOwner}
	for index := range items.Len() {
		inner.value = items.At(index)
		s.setLink(depth+1, link{kind: linkItem})
		if pairs != nil && pairs[index] != "" {
			s.setLink(depth+1, link{name: pairs[index], kind: linkWhole})
		}
		inner.kind = s.chain[depth+1].key.kind()
		s.value(where, inner, depth+1)
	}
	under = s.chain[depth].key
	// A number of which each digit is an item, or each byte of its text. After the items, whose places this may replace.
	if digits, ok := joinedDigits(items); ok {
		// The words of the key count, and its kind does not decide about the whole.
		s.addAt(slot{text: digits, key: under, form: formAgain, target: toDigits, surface: where}, at)
	}
	if bytes, ok := byteList(items); ok {
		text, _ := textOf(bytes)
		s.addAt(slot{text: text, key: under, form: formValue, target: toByteList, surface: where}, at)
	}
}

// Fewer bytes than this say nothing.
const fewestBytes = 8

func byteList(items pcommon.Slice) ([]byte, bool) {
	if items.Len() < fewestBytes {
		return nil, false
	}
	bytes := make([]byte, 0, items.Len())
	for index := range items.Len() {
		number, ok := small(items.At(index), 255)
		if !ok {
			return nil, false
		}
		bytes = append(bytes, number)
	}
	return bytes, true
}

// small is a whole number from 0 to most.
func small(item pcommon.Value, most byte) (byte, bool) {
	number := float64(-1)
	switch item.Type() {
	case pcommon.ValueTypeInt:
		number = float64(item.Int())
	case pcommon.ValueTypeDouble:
		number = item.Double()
	}
	if number < 0 || number > float64(most) || number != float64(byte(number)) {
		return 0, false
	}
	return byte(number), true
}
