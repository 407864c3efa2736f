package redaction

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

const (
	// What one scan looks at; a batch with more is scanned in parts. Go cannot interrupt the module, so a collection of
	// garbage waits for it: the parts are small, and a call costs but a fraction of a microsecond.
	inputBytes = 64 << 10
	// What of one text is given to the engine, which scans half of it and has the rest removed.
	mostBytes  = 128 << 10
	mostRows   = 4_096
	rowBytes   = 16
	findBytes  = 32
	padding    = 64
	mostKeys   = 8_192
	longestKey = 256
)

// engine is one instance of the module, with what the host knows of it. It serves one batch at a time.
type engine struct {
	module api.Module
	memory api.Memory

	newKey, keyFlags, forgetKeys, scanRows, candidates, findings, texts api.Function

	input, rows     []byte
	inputAt, rowsAt uint32
	size            uint32
	stack           [4]uint64

	tops    map[string]*key
	members map[member]*key
	clean   *recent
	// Clean values that keys remember; above a limit all of them begin again.
	remembered, generation int

	// What was looked at since the counts were taken last.
	scanned scans

	// The first error: from then on nothing is asked of the instance, and nothing passes.
	fault error
}

func newEngine(ctx context.Context, module api.Module) (*engine, error) {
	e := &engine{
		module: module, memory: module.Memory(),
		tops: map[string]*key{}, members: map[member]*key{}, clean: newRecent(4096),
	}
	var input, entries, version api.Function
	for name, function := range map[string]*api.Function{
		"input": &input, "entries": &entries, "version": &version, "key": &e.newKey, "keyFlags": &e.keyFlags,
		"forget": &e.forgetKeys, "scan": &e.scanRows, "candidates": &e.candidates, "findings": &e.findings, "texts": &e.texts,
	} {
		*function = module.ExportedFunction(name)
		if *function == nil {
			return nil, fmt.Errorf("the redaction engine has no function %q", name)
		}
	}
	if e.memory == nil {
		return nil, errors.New("the redaction engine exports no memory")
	}
	if got := e.call(ctx, version, 0); e.fault == nil && got != abiVersion {
		return nil, fmt.Errorf("the redaction engine has version %d of its interface, the Collector knows %d", got, abiVersion)
	}
	e.inputAt = e.call(ctx, input, 1, inputBytes+mostBytes)
	e.rowsAt = e.call(ctx, entries, 1, mostRows)
	e.refresh()
	return e, e.fault
}

// call runs a function of the module with the arguments on the stack. A trap is the instance's end.
func (e *engine) call(ctx context.Context, function api.Function, count int, arguments ...uint32) uint32 {
	if e.fault != nil {
		return 0
	}
	for i := range count {
		e.stack[i] = uint64(arguments[i])
	}
	if err := function.CallWithStack(ctx, e.stack[:]); err != nil {
		e.fail(err)
		return 0
	}
	return uint32(e.stack[0])
}

func (e *engine) fail(err error) {
	if e.fault == nil {
		e.fault = err
	}
}

// refresh makes the views of the memory again: they are lost when it grows.
func (e *engine) refresh() {
	if e.fault != nil || e.memory.Size() == e.size {
		return
	}
	e.size = e.memory.Size()
	e.input = e.view(e.inputAt, inputBytes+mostBytes+padding)
	e.rows = e.view(e.rowsAt, mostRows*rowBytes)
}

func (e *engine) view(at, length uint32) []byte {
	view, ok := e.memory.Read(at, length)
	if !ok {
		e.fail(fmt.Errorf("the redaction engine names %d bytes at %d, outside its memory", length, at))
	}
	return view
}

// top is the key of an attribute.
func (e *engine) top(ctx context.Context, name string) *key {
	if known, ok := e.tops[name]; ok {
		return known
	}
	made := e.learn(ctx, 0, name, name)
	if made != nil && len(name) <= longestKey {
		e.tops[name] = made
	}
	return made
}

// under is the key of a member of a map that stands under another key.
func (e *engine) under(ctx context.Context, parent *key, name string) *key {
	if known, ok := e.members[member{parent.id, name}]; ok {
		return known
	}
	made := e.learn(ctx, parent.id, name, pathOf(parent.path, name))
	if made != nil && made.id == parent.id {
		made = parent
	}
	if made != nil && len(name) <= longestKey {
		e.members[member{parent.id, name}] = made
	}
	return made
}

// learn asks the engine for a key; nil when it has no more room, and the caller must forget all.
func (e *engine) learn(ctx context.Context, parent uint32, name, path string) *key {
	if e.fault != nil {
		return &key{}
	}
	if len(e.tops)+len(e.members) >= mostKeys {
		return nil
	}
	// The end of a longer name says what it is of.
	if len(name) > mostBytes {
		name = name[len(name)-mostBytes:]
	}
	copy(e.input, name)
	id := e.call(ctx, e.newKey, 2, parent, uint32(len(name)))
	if id == 0 && e.fault == nil {
		return nil
	}
	flags := e.call(ctx, e.keyFlags, 1, id)
	e.refresh()
	return &key{id: id, flags: flags, path: path}
}

func (e *engine) forget(ctx context.Context) {
	e.call(ctx, e.forgetKeys, 0)
	clear(e.tops)
	clear(e.members)
	e.remembered = 0
}

// finding is one row of what the engine found.
type finding struct {
	entry, start, end                uint32
	class, action, marker, detector  uint32
	replacementAt, replacementLength uint32
	canonicalAt, canonicalLength     uint32
}

// scan looks at the rows that were written and gives the findings and the area of their texts, both of which the
// next call overwrites.
func (e *engine) scan(ctx context.Context, rows, bytes int) (found, texts []byte) {
	if e.fault != nil {
		return nil, nil
	}
	clear(e.input[bytes : bytes+padding])
	count := e.call(ctx, e.scanRows, 1, uint32(rows))
	e.scanned.add(rows, bytes, e.call(ctx, e.candidates, 0))
	if count == 0 || e.fault != nil {
		e.refresh()
		return nil, nil
	}
	foundAt := e.call(ctx, e.findings, 0)
	textsAt := e.call(ctx, e.texts, 0)
	e.refresh()
	if e.fault != nil {
		return nil, nil
	}
	if count > e.size/findBytes || textsAt > e.size {
		e.fail(fmt.Errorf("the redaction engine names %d findings, more than its memory holds", count))
		return nil, nil
	}
	return e.view(foundAt, count*findBytes), e.view(textsAt, e.size-textsAt)
}

func findingAt(found []byte, index int) finding {
	row := found[index*findBytes:][:findBytes]
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(row[at*4:]) }
	code := word(3)
	return finding{
		entry: word(0), start: word(1), end: word(2),
		class: code & 0xff, action: code >> 8 & 0xff, marker: code >> 16 & 0xff, detector: code >> 24,
		replacementAt: word(4), replacementLength: word(5), canonicalAt: word(6), canonicalLength: word(7),
	}
}
