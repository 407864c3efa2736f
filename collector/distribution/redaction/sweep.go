package redaction

import (
	"context"
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// How often a text is looked at: taking one thing out can show that what stands beside it is one too.
const looks = 4

// Part of the telemetry, as finance.redaction.surface names it.
type surface uint8

const (
	surfaceName surface = iota
	surfaceStatus
	surfaceAttribute
	surfaceEvent
	surfaceLink
	surfaceTraceState
	surfaceResource
	surfaceScope
	surfaceBody
	surfaceMetric
)

var surfaceNames = [...]string{
	"name", "status", "attribute", "event", "link", "trace_state", "resource", "scope", "body", "metric",
}

// target says where the text of a slot came from, and so where its verdict goes.
type target uint8

const (
	toText       target = iota // a record's own text, set by a function
	toValue                    // a string or number
	toBytes                    // bytes that are UTF-8
	toLatin                    // bytes that are not
	toKey                      // the key of a map's entry
	toDigits                   // an array of digits, which goes whole when they are a secret together
	toByteList                 // an array of numbers that are bytes, which goes when the engine drops it
	toTraceState               // key or value of a member
)

// slot is one text to be looked at.
type slot struct {
	text    string
	key     *key
	at      int32
	form    uint32
	target  target
	surface surface
	changed bool
	dropped bool
}

// sweep redacts one batch: it gathers the texts of many records, has them scanned together, and writes back what
// was found. Its parts are kept for the next batch.
type sweep struct {
	ctx    context.Context
	engine *engine
	keys   []pseudonymKey

	slots   []slot
	bytes   int
	pending []int32
	again   []int32

	setters []func(string)
	places  []place
	maps    []pcommon.Map
	edits   []edit
	states  []stateOf
	members []stateMember

	chain [deepest + 3]link
	spent budget

	counts counts
}

// add gathers a text; when there is enough of them they are looked at.
func (s *sweep) add(one slot) {
	s.slots = append(s.slots, one)
	s.bytes += min(len(one.text), mostBytes)
	if s.bytes >= inputBytes || len(s.slots) >= mostRows {
		s.flush()
	}
}

// isClean says whether the text was looked at before and nothing was found.
func (s *sweep) isClean(text string) bool {
	return text == "" || s.engine.clean.has(text)
}

// text gathers a text of a record, unless it is known. The function writes what is left of it.
func (s *sweep) text(where surface, text string, set func(string)) {
	s.setters = append(s.setters, set)
	s.add(slot{text: text, form: formText, target: toText, at: int32(len(s.setters) - 1), surface: where})
}

// flush looks at all that was gathered and writes back what changed. Entries of maps wait for settle: to remove
// one moves the others, to which slots point.
func (s *sweep) flush() {
	if len(s.slots) == 0 {
		return
	}
	s.pending = s.pending[:0]
	for at := range s.slots {
		s.pending = append(s.pending, int32(at))
	}
	for look := 0; look < looks && len(s.pending) > 0; look++ {
		s.again = s.again[:0]
		s.look(look)
		s.pending, s.again = s.again, s.pending
	}
	if s.engine.fault != nil {
		s.removeAll()
	}
	for at := range s.slots {
		one := &s.slots[at]
		if one.changed || one.dropped {
			s.write(one)
		} else if s.engine.fault == nil {
			s.learn(one)
		}
	}
	clear(s.slots)
	clear(s.setters)
	s.slots, s.setters, s.bytes = s.slots[:0], s.setters[:0], 0
}

// learn remembers a text in which nothing was found.
func (s *sweep) learn(one *slot) {
	switch {
	case one.form == formText && one.key != nil:
		one.key.isClean = true
	case one.form == formText:
		s.engine.clean.add(one.text)
	case one.form == formValue && one.target == toValue:
		s.engine.remember(one.key, one.text)
	}
}

// look scans the pending slots, in as many parts as the engine's input needs.
func (s *sweep) look(look int) {
	e := s.engine
	for from := 0; from < len(s.pending); {
		offset, rows := 0, 0
		for _, at := range s.pending[from:] {
			one := &s.slots[at]
			length := min(len(one.text), mostBytes)
			if rows == mostRows || offset+length > inputBytes+mostBytes || e.fault != nil {
				break
			}
			copy(e.input[offset:], one.text[:length])
			row := e.rows[rows*rowBytes:][:rowBytes]
			form, id := one.form, uint32(0)
			if one.key != nil && form != formText {
				id = one.key.id
			}
			// A number of which something was taken out is a text.
			if form == formNumber && look > 0 {
				form = formValue
			}
			binary.LittleEndian.PutUint32(row, id)
			binary.LittleEndian.PutUint32(row[4:], uint32(offset))
			binary.LittleEndian.PutUint32(row[8:], uint32(length))
			binary.LittleEndian.PutUint32(row[12:], form)
			offset += length
			rows++
		}
		found, texts := e.scan(s.ctx, rows, offset)
		if e.fault != nil {
			return
		}
		s.judge(s.pending[from:from+rows], found, texts)
		from += rows
	}
}

// judge applies the findings, which come in the order of the rows.
func (s *sweep) judge(rows []int32, found, texts []byte) {
	count := len(found) / findBytes
	last := -1
	for at := 0; at < count; {
		entry := findingAt(found, at).entry
		end := at + 1
		for end < count && findingAt(found, end).entry == entry {
			end++
		}
		if int(entry) >= len(rows) || int(entry) <= last {
			s.engine.fail(errRow)
			return
		}
		last = int(entry)
		one := &s.slots[rows[entry]]
		given := uint32(min(len(one.text), mostBytes))
		s.apply(one, found[at*findBytes:end*findBytes], texts)
		// What is written in place of a whole text needs no other look.
		if first := findingAt(found, at); one.changed && !one.dropped && (first.start > 0 || first.end < given) {
			s.again = append(s.again, rows[entry])
		}
		at = end
	}
}

// removeAll is what happens when the engine fails: nothing of the batch goes on that was not looked at to the end.
func (s *sweep) removeAll() {
	for at := range s.slots {
		one := &s.slots[at]
		s.counts.add(one.surface, classCredential, countRemoved, 1)
		one.dropped = true
	}
}
