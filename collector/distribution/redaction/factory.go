// Package redaction is the processor assayredaction: it runs the engine of @assay/redaction, the same bytes, on
// every text of traces, metrics and logs.
package redaction

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
)

// NewFactory makes the factory of the processor assayredaction.
func NewFactory() processor.Factory {
	return newFactory(engineModule)
}

func newFactory(module []byte) processor.Factory {
	f := &factory{shared: &sharedPool{module: module}}
	return processor.NewFactory(
		component.MustNewType("assayredaction"),
		func() component.Config { return &Config{} },
		processor.WithTraces(f.traces, component.StabilityLevelDevelopment),
		processor.WithMetrics(f.metrics, component.StabilityLevelDevelopment),
		processor.WithLogs(f.logs, component.StabilityLevelDevelopment),
	)
}

type factory struct {
	shared *sharedPool
}

func (f *factory) traces(ctx context.Context, settings processor.Settings, config component.Config, next consumer.Traces) (processor.Traces, error) {
	r, err := newRedactor(settings, config, f.shared, "traces")
	if err != nil {
		return nil, err
	}
	return processorhelper.NewTraces(ctx, settings, config, next, processed(r, (*sweep).traces), r.options()...)
}

func (f *factory) metrics(ctx context.Context, settings processor.Settings, config component.Config, next consumer.Metrics) (processor.Metrics, error) {
	r, err := newRedactor(settings, config, f.shared, "metrics")
	if err != nil {
		return nil, err
	}
	return processorhelper.NewMetrics(ctx, settings, config, next, processed(r, (*sweep).metrics), r.options()...)
}

func (f *factory) logs(ctx context.Context, settings processor.Settings, config component.Config, next consumer.Logs) (processor.Logs, error) {
	r, err := newRedactor(settings, config, f.shared, "logs")
	if err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(ctx, settings, config, next, processed(r, (*sweep).logs), r.options()...)
}
