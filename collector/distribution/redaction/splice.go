package redaction

import (
	"errors"
	"strings"
)

var (
	errRow  = errors.New("the redaction engine names an entry that it was not given, or out of order")
	errSpan = errors.New("the redaction engine names a place outside the text")
)

// apply makes of a slot's text what the findings in it leave. All of them are in the order of their places.
func (s *sweep) apply(one *slot, found, texts []byte) {
	var out strings.Builder
	at, given := uint32(0), uint32(min(len(one.text), mostBytes))
	last := uint32(0)
	for index := range len(found) / findBytes {
		f := findingAt(found, index)
		if f.start > f.end || f.start < at || f.end > given {
			s.engine.fail(errSpan)
			return
		}
		written, action := s.replacement(one, f, texts)
		if s.engine.fault != nil {
			return
		}
		s.counts.add(one.surface, countedClass(f.class), action, 1)
		if f.action == actionDrop {
			one.dropped = true
			return
		}
		out.WriteString(one.text[at:f.start])
		out.WriteString(written)
		at, last = f.end, f.end
	}
	// Of a text that was given in part the engine has the rest removed; if it ever does not, we do.
	if int(given) == len(one.text) {
		out.WriteString(one.text[at:])
	} else if last != given {
		out.WriteString(removedMarker)
	}
	one.text, one.changed = out.String(), true
}

// replacement is what is written in place of a finding, and how that is counted.
func (s *sweep) replacement(one *slot, f finding, texts []byte) (string, action) {
	if f.action == actionDrop {
		return "", countRemoved
	}
	isHashed := f.detector == detectorRegistry && one.key.registryAction() == registryHash
	if isHashed && f.canonicalLength > 0 && len(s.keys) > 0 {
		// Of an id of somebody's system the value itself, not the engine's one spelling of it: cus_aB and cus_Ab may be
		// two customers (packages/redaction/src/canonical.ts).
		return s.keys[0].pseudonym(domainOf(one.key.path), trimmed(one.text)), countHashed
	}
	written, ok := slice(texts, f.replacementAt, f.replacementLength)
	if !ok {
		s.engine.fail(errSpan)
		return "", countRemoved
	}
	if token, marker := s.foundToken(f, texts); token != "" {
		// Quotes around a marker make what was a JSON number a string.
		return strings.Replace(string(written), marker, token, 1), countHashed
	}
	if f.action == actionMask || f.detector == detectorRegistry {
		return string(written), countMasked
	}
	return string(written), countRemoved
}

// foundToken is the pseudonym of what a detector found, and the marker whose place it takes; empty where that stays.
func (s *sweep) foundToken(f finding, texts []byte) (token, marker string) {
	// What is encoded is not the value itself, and its hash would find nothing.
	if len(s.keys) == 0 || f.action == actionMask || f.detector == detectorRegistry || f.detector == detectorEncoded {
		return "", ""
	}
	marker = markerOf(f.marker)
	class, isFound := foundClasses[marker]
	value, ok := slice(texts, f.canonicalAt, f.canonicalLength)
	if !isFound || !ok || len(value) == 0 {
		return "", ""
	}
	if class == "account" && isIBAN(string(value)) {
		class = "iban"
	}
	canonical := canonicalOf(class, string(value))
	if canonical == "" {
		return "", ""
	}
	return s.keys[0].pseudonym(class, canonical), marker
}

func slice(texts []byte, at, length uint32) ([]byte, bool) {
	if uint64(at)+uint64(length) > uint64(len(texts)) {
		return nil, false
	}
	return texts[at:][:length], true
}
