package redaction

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"
)

// redactor is the processor of one signal in one pipeline.
type redactor struct {
	config *Config
	shared *sharedPool
	meter  *meter
	log    *zap.Logger

	pool   *pool
	keys   []pseudonymKey
	sweeps sync.Pool
}

func newRedactor(settings processor.Settings, config component.Config, shared *sharedPool, signal string) (*redactor, error) {
	made, err := newMeter(settings.TelemetrySettings, signal)
	if err != nil {
		return nil, err
	}
	return &redactor{
		config: config.(*Config), shared: shared, meter: made, log: settings.Logger,
		sweeps: sync.Pool{New: func() any { return &sweep{} }},
	}, nil
}

func (r *redactor) options() []processorhelper.Option {
	return []processorhelper.Option{
		processorhelper.WithStart(r.start),
		processorhelper.WithShutdown(r.shutdown),
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
	}
}

func (r *redactor) start(ctx context.Context, _ component.Host) error {
	keys, err := readKeys(r.config.PseudonymKeys)
	if err != nil {
		return err
	}
	opened, err := r.shared.open(ctx)
	if err != nil {
		return err
	}
	r.keys, r.pool = keys, opened
	return nil
}

func (r *redactor) shutdown(ctx context.Context) error {
	if r.pool == nil {
		return nil
	}
	r.pool = nil
	return r.shared.release(ctx)
}

// processed gives the function that every batch passes: redacted whole, or not passed at all.
func processed[Batch any](r *redactor, redact func(*sweep, Batch)) func(context.Context, Batch) (Batch, error) {
	return func(ctx context.Context, batch Batch) (Batch, error) {
		return batch, r.run(ctx, func(s *sweep) { redact(s, batch) })
	}
}

var errPanic = errors.New("redaction failed on a batch, which is not passed on")

func (r *redactor) run(ctx context.Context, redact func(*sweep)) (err error) {
	used, err := r.pool.take(ctx)
	if err != nil {
		return err
	}
	s := r.sweeps.Get().(*sweep)
	s.ctx, s.engine, s.keys = ctx, used, r.keys
	defer func() {
		// Its text may quote the batch, so it is not written.
		if recover() != nil {
			used.fail(errPanic)
			err = consumererror.NewPermanent(errPanic)
			s = &sweep{counts: s.counts}
		}
		if used.fault != nil {
			r.log.Error("Redaction failed; the texts of a batch were removed.", zap.String("error", faultOf(used.fault)))
		}
		r.meter.record(ctx, &s.counts, &used.scanned)
		r.pool.give(context.WithoutCancel(ctx), used)
		s.ctx, s.engine, s.keys = nil, nil, nil
		r.sweeps.Put(s)
	}()
	redact(s)
	return nil
}

// faultOf is the first line of an error: a trap's others are a stack.
func faultOf(err error) string {
	text := fmt.Sprint(err)
	for at := range text {
		if text[at] == '\n' {
			return text[:at]
		}
	}
	return text
}
