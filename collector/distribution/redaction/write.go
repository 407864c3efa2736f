package redaction

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// place is where a value stands.
type place struct {
	value pcommon.Value
	// The map that it is an entry of; none for an item of an array and for a body.
	owner, entry int32
	// What kind of value the key of an array asks for.
	kind   uint32
	isBody bool
}

const noOwner = -1

// edit is what becomes of an entry of a map: it goes, or its key is another.
type edit struct {
	owner, entry int32
	drop         bool
	key          string
}

// A map with more entries than this, of which a key changes, loses that entry: pcommon has no way to rename one but
// to look through all.
const mostRenamed = 4096

// write puts the verdict on a slot where its text came from.
func (s *sweep) write(one *slot) {
	switch one.target {
	case toText:
		if one.dropped {
			one.text = removedMarker
		}
		s.setters[one.at](one.text)
	case toValue:
		at := &s.places[one.at]
		if one.dropped {
			s.drop(at)
		} else {
			at.value.SetStr(one.text)
		}
	case toBytes, toLatin:
		at := &s.places[one.at]
		if one.dropped {
			s.drop(at)
		} else {
			s.writeBytes(at.value, one)
		}
	case toDigits:
		s.drop(&s.places[one.at])
	case toByteList:
		if one.dropped {
			s.drop(&s.places[one.at])
		}
	case toKey:
		at := &s.places[one.at]
		s.edits = append(s.edits, edit{owner: at.owner, entry: at.entry, drop: one.dropped, key: one.text})
	case toTraceState:
		s.members[one.at].found = true
	}
}

func (s *sweep) writeBytes(value pcommon.Value, one *slot) {
	if one.target == toBytes {
		value.SetEmptyBytes().FromRaw([]byte(one.text))
		return
	}
	bytes := make([]byte, 0, len(one.text))
	for _, each := range one.text {
		bytes = append(bytes, byte(each))
	}
	value.SetEmptyBytes().FromRaw(bytes)
}

// drop removes a value. In an array a marker stays: a hole would change what the other places mean.
func (s *sweep) drop(at *place) {
	switch {
	case at.owner != noOwner:
		s.edits = append(s.edits, edit{owner: at.owner, entry: at.entry, drop: true})
	case at.isBody:
		pcommon.NewValueEmpty().CopyTo(at.value)
	default:
		at.value.SetStr(kindMarker(at.kind))
	}
}

// Places that are kept until maps are edited; a batch with more is settled in parts.
const mostPlaces = 65_536

// rest settles what was gathered when it is much. Only between records: no map is walked then.
func (s *sweep) rest() {
	if len(s.places) >= mostPlaces {
		s.settle()
	}
}

// settle removes and renames the entries of maps, and writes the trace states. Nothing may be gathered meanwhile.
func (s *sweep) settle() {
	s.flush()
	if len(s.edits) > 0 {
		// Inner maps were met after those that they are in, and come first now.
		slices.SortStableFunc(s.edits, func(a, b edit) int {
			if a.owner != b.owner {
				return int(b.owner - a.owner)
			}
			return int(a.entry - b.entry)
		})
		for from := 0; from < len(s.edits); {
			to := from + 1
			for to < len(s.edits) && s.edits[to].owner == s.edits[from].owner {
				to++
			}
			editMap(s.maps[s.edits[from].owner], s.edits[from:to])
			from = to
		}
	}
	s.writeStates()
	clear(s.places)
	clear(s.maps)
	clear(s.edits)
	clear(s.states)
	clear(s.members)
	s.places, s.maps, s.edits, s.states, s.members =
		s.places[:0], s.maps[:0], s.edits[:0], s.states[:0], s.members[:0]
}

// editMap applies the edits of one map, which are in the order of its entries.
func editMap(from pcommon.Map, edits []edit) {
	renamed := false
	for _, each := range edits {
		renamed = renamed || !each.drop
	}
	entry, next := int32(-1), 0
	// Whether this entry goes, and its new key if it has one; an entry may have an edit of its key and one of its value.
	verdict := func() (drop bool, key string, isRenamed bool) {
		entry++
		for ; next < len(edits) && edits[next].entry == entry; next++ {
			if edits[next].drop {
				drop = true
			} else {
				key, isRenamed = edits[next].key, true
			}
		}
		return drop, key, isRenamed
	}
	if !renamed || from.Len() > mostRenamed {
		from.RemoveIf(func(string, pcommon.Value) bool {
			drop, _, isRenamed := verdict()
			return drop || isRenamed
		})
		return
	}
	// As in JavaScript, of two entries whose keys are the same by now the later stays.
	fresh := pcommon.NewMap()
	fresh.EnsureCapacity(from.Len())
	for name, value := range from.All() {
		drop, key, isRenamed := verdict()
		if drop {
			continue
		}
		if isRenamed {
			name = key
		}
		value.MoveTo(fresh.PutEmpty(name))
	}
	fresh.MoveTo(from)
}

// stateOf is a record with a trace state, whose members are looked at one by one.
type stateOf struct {
	state pcommon.TraceState
	first int
}

type stateMember struct {
	text  string
	found bool
}

// traceState gathers the members of a trace state: the key as free text, the value as what stands under that key.
func (s *sweep) traceState(state pcommon.TraceState) {
	text := state.AsRaw()
	if text == "" {
		return
	}
	s.states = append(s.states, stateOf{state: state, first: len(s.members)})
	for member := range strings.SplitSeq(text, ",") {
		s.members = append(s.members, stateMember{text: member})
		at := int32(len(s.members) - 1)
		name, value, _ := strings.Cut(strings.TrimSpace(member), "=")
		if !s.isClean(name) {
			s.add(slot{text: name, form: formText, target: toTraceState, at: at, surface: surfaceTraceState})
		}
		if value != "" {
			key := s.top(name)
			s.add(slot{text: value, key: key, form: formValue, target: toTraceState, at: at, surface: surfaceTraceState})
		}
	}
}

// writeStates drops each member in which something was found: what redaction writes may not be allowed there.
func (s *sweep) writeStates() {
	for index, each := range s.states {
		end := len(s.members)
		if index+1 < len(s.states) {
			end = s.states[index+1].first
		}
		members := s.members[each.first:end]
		if !slices.ContainsFunc(members, func(one stateMember) bool { return one.found }) {
			continue
		}
		kept := make([]string, 0, len(members))
		for _, one := range members {
			if !one.found {
				kept = append(kept, one.text)
			}
		}
		each.state.FromRaw(strings.Join(kept, ","))
	}
}
