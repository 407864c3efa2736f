package redaction

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// The limits of packages/redaction/src/redactor.ts: what is deeper or more than this is removed, never passed unscanned.
const (
	deepest   = 8
	mostNodes = 1000
	// In UTF-16, as JavaScript counts.
	scannedUnits = 65_536
	mostUnits    = 4 * scannedUnits
)

// budget is what one attribute has used of the limits.
type budget struct {
	nodes, units int
}

// attributes gathers the keys and values of a record's attributes.
func (s *sweep) attributes(where surface, attributes pcommon.Map) {
	if attributes.Len() == 0 {
		return
	}
	s.maps = append(s.maps, attributes)
	at := place{owner: int32(len(s.maps) - 1)}
	for name, value := range attributes.All() {
		s.setLink(0, link{name: name, kind: linkWhole})
		if under := s.chain[0].key; !under.isClean && name != "" {
			s.addAt(slot{text: name, key: under, form: formText, target: toKey, surface: where}, at)
		}
		at.value = value
		s.spent = budget{}
		s.value(where, at, 0)
		at.entry++
	}
}

// body gathers the body of a log record.
func (s *sweep) body(value pcommon.Value) {
	at := place{value: value, owner: noOwner, isBody: true}
	if value.Type() == pcommon.ValueTypeStr {
		text := value.Str()
		if !s.isClean(text) {
			s.text(surfaceBody, text, value.SetStr)
		}
		return
	}
	s.spent = budget{}
	s.setLink(0, link{name: "body", kind: linkWhole})
	s.value(surfaceBody, at, 0)
}

// name gathers the name of an entry of a map that is a value.
func (s *sweep) name(where surface, name string, at place) {
	if s.isClean(name) {
		return
	}
	s.addAt(slot{text: name, form: formText, target: toKey, surface: where}, at)
}

func (s *sweep) addAt(one slot, at place) {
	s.places = append(s.places, at)
	one.at = int32(len(s.places) - 1)
	s.add(one)
}

// value gathers a value that stands under the key at this depth of the chain.
func (s *sweep) value(where surface, at place, depth int) {
	under := s.chain[depth].key
	kind := at.value.Type()
	if kind == pcommon.ValueTypeEmpty || kind == pcommon.ValueTypeBool {
		return
	}
	isNamed := under.registryAction() >= registryRemove && under.registryAction() <= registryHash
	if isNamed && kind != pcommon.ValueTypeStr && kind != pcommon.ValueTypeInt {
		s.byRegistry(where, at, under)
		return
	}
	switch kind {
	case pcommon.ValueTypeStr:
		text := at.value.Str()
		if s.isOver(text, depth) {
			s.overBudget(where, at.value)
			return
		}
		if text != "" && !s.engine.knows(under, text) {
			s.addAt(slot{text: text, key: under, form: formValue, target: toValue, surface: where}, at)
		}
	case pcommon.ValueTypeInt:
		s.number(where, at, under, at.value.Int())
	case pcommon.ValueTypeDouble:
		s.double(where, at, under, at.value.Double())
	default:
		// The value itself is not a part of it.
		if depth > 0 {
			s.spent.nodes++
		}
		if depth > deepest || s.spent.nodes > mostNodes {
			s.overBudget(where, at.value)
			return
		}
		switch kind {
		case pcommon.ValueTypeMap:
			s.mapValue(where, at.value.Map(), depth)
		case pcommon.ValueTypeSlice:
			s.array(where, at, depth)
		case pcommon.ValueTypeBytes:
			s.bytesOf(where, at, under)
		}
	}
}

// isOver counts a string. One that stands alone has no budget to exceed.
func (s *sweep) isOver(text string, depth int) bool {
	if depth == 0 {
		return false
	}
	s.spent.nodes++
	s.spent.units += min(units(text), scannedUnits)
	return s.spent.nodes > mostNodes || s.spent.units > mostUnits
}

// units is the length of a text in UTF-16.
func units(text string) int {
	count := 0
	for _, each := range text {
		count++
		if each > 0xffff {
			count++
		}
	}
	return count
}

func (s *sweep) overBudget(where surface, value pcommon.Value) {
	s.counts.add(where, classCredential, countRemoved, 1)
	value.SetStr(removedMarker)
}

// byRegistry is the registry's verdict on what is no text: it must not leave, whatever it looks like.
func (s *sweep) byRegistry(where surface, at place, under *key) {
	class := countedClass(under.registryClass())
	if under.registryAction() == registryRemove {
		s.counts.add(where, class, countRemoved, 1)
		s.drop(&at)
		return
	}
	s.counts.add(where, class, countMasked, 1)
	at.value.SetStr(markerOf(under.registryMarker()))
}

func (s *sweep) number(where surface, at place, under *key, value int64) {
	// A number that the registry keeps is an amount, a size or a count, however many digits it has.
	if under.registryAction() == registryKeep || under.kind() == kindTrace {
		return
	}
	if (under.kind() == kindNone || under.kind() == kindName) && under.registryAction() < registryRemove &&
		s.engine.fault == nil && value > -1e9 && value < 1e10 {
		return
	}
	s.addAt(slot{text: strconv.FormatInt(value, 10), key: under, form: formNumber, target: toValue, surface: where}, at)
}

func (s *sweep) double(where surface, at place, under *key, value float64) {
	if under.registryAction() == registryKeep || under.kind() == kindTrace {
		return
	}
	if math.IsNaN(value) || math.IsInf(value, 0) || value != math.Trunc(value) {
		switch under.kind() {
		case kindPIN, kindCVV, kindSAD:
			s.counts.add(where, classSAD, countRemoved, 1)
			s.drop(&at)
		}
		return
	}
	if math.Abs(value) < 1<<63 {
		s.number(where, at, under, int64(value))
		return
	}
	whole, _ := big.NewFloat(value).Int(nil)
	s.addAt(slot{text: whole.String(), key: under, form: formNumber, target: toValue, surface: where}, at)
}

// bytesOf gathers bytes as the text that they are: UTF-8, or else one character a byte.
func (s *sweep) bytesOf(where surface, at place, under *key) {
	if at.value.Bytes().Len() == 0 {
		return
	}
	one := slot{key: under, form: formValue, surface: where}
	one.text, one.target = textOf(at.value.Bytes().AsRaw())
	s.addAt(one, at)
}

func textOf(bytes []byte) (string, target) {
	text := string(bytes)
	if utf8.ValidString(text) && !strings.ContainsRune(text, utf8.RuneError) {
		return text, toBytes
	}
	var latin strings.Builder
	for _, each := range bytes {
		latin.WriteRune(rune(each))
	}
	return latin.String(), toLatin
}
