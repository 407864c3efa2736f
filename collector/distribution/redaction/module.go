package redaction

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"sync"

	"github.com/tetratelabs/wazero"
)

// The engine that @assay/redaction runs in Node: the same bytes, so the same verdicts.
//
//go:embed engine.wasm
var engineModule []byte

const abiVersion = 1

// pool has the engine compiled once, and as many instances as can run at a time: an instance has one memory,
// and serves one batch at a time.
type pool struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule

	// A token for each instance that may be in use.
	slots chan struct{}
	mu    sync.Mutex
	free  []*engine
}

func newPool(ctx context.Context, module []byte) (*pool, error) {
	made := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigCompiler())
	compiled, err := made.CompileModule(ctx, module)
	if err != nil {
		_ = made.Close(ctx)
		return nil, fmt.Errorf("the redaction engine does not compile on this machine: %w", err)
	}
	p := &pool{runtime: made, compiled: compiled, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	// The first one now: a module that does not fit must stop the Collector, not its first batch.
	first, err := p.instantiate(ctx)
	if err != nil {
		_ = made.Close(ctx)
		return nil, err
	}
	p.free = append(p.free, first)
	return p, nil
}

// take waits for an instance; the error is the context's, so the sender tries again, or that of an instantiation.
func (p *pool) take(ctx context.Context) (*engine, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	last := len(p.free) - 1
	if last >= 0 {
		taken := p.free[last]
		p.free = p.free[:last]
		p.mu.Unlock()
		return taken, nil
	}
	p.mu.Unlock()
	made, err := p.instantiate(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return made, nil
}

// give takes an instance back. One that failed may hold anything in its memory, and is closed.
func (p *pool) give(ctx context.Context, used *engine) {
	if used.fault == nil {
		p.mu.Lock()
		p.free = append(p.free, used)
		p.mu.Unlock()
	} else {
		_ = used.module.Close(ctx)
	}
	<-p.slots
}

func (p *pool) instantiate(ctx context.Context) (*engine, error) {
	// Without a name, so that there can be several.
	module, err := p.runtime.InstantiateModule(ctx, p.compiled, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, fmt.Errorf("the redaction engine does not start: %w", err)
	}
	made, err := newEngine(ctx, module)
	if err != nil {
		_ = module.Close(ctx)
		return nil, err
	}
	return made, nil
}

func (p *pool) close(ctx context.Context) error {
	return p.runtime.Close(ctx)
}

// sharedPool is one pool for the processors of all signals and pipelines: opened by the first that starts, closed
// by the last that stops.
type sharedPool struct {
	mu     sync.Mutex
	users  int
	module []byte
	pool   *pool
}

func (s *sharedPool) open(ctx context.Context) (*pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool == nil {
		made, err := newPool(ctx, s.module)
		if err != nil {
			return nil, err
		}
		s.pool = made
	}
	s.users++
	return s.pool, nil
}

func (s *sharedPool) release(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	if s.users > 0 {
		return nil
	}
	last := s.pool
	s.pool = nil
	return last.close(ctx)
}
