package redaction

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// What was done with a value, as finance.redaction.action names it.
type action uint8

const (
	countRemoved action = iota
	countMasked
	countHashed
)

var actionNames = [...]string{"removed", "masked", "hashed"}

// counts are how many values of each surface, class and action one batch had.
type counts [len(surfaceNames)][len(classNames)][len(actionNames)]int64

func (c *counts) add(where surface, class uint32, done action, count int64) {
	c[where][class][done] += count
}

// scans are how much the engine looked at.
type scans struct {
	// Values, each as often as it was looked at, and their bytes.
	values, bytes int64
	// Values in which a detector had to look, since they may hold a secret.
	candidates int64
}

func (s *scans) add(values, bytes int, candidates uint32) {
	s.values += int64(values)
	s.bytes += int64(bytes)
	s.candidates += int64(candidates)
}

// meter has the processor's instruments. Their names and attributes are in packages/semconv/registry.
type meter struct {
	values                       metric.Int64Counter
	checked, scanned, candidates metric.Int64Counter
	// By surface, class and action: made once, as a set of attributes is costly.
	options [len(surfaceNames)][len(classNames)][len(actionNames)]metric.MeasurementOption
}

// newMeter makes the instruments of one signal: traces, metrics or logs.
func newMeter(settings component.TelemetrySettings, signal string) (*meter, error) {
	from := settings.MeterProvider.Meter("assay.invalid/collector/redaction")
	values, err := from.Int64Counter("finance.redaction.values",
		metric.WithUnit("{value}"),
		metric.WithDescription("Values that redaction removed or masked before they left the process."))
	if err != nil {
		return nil, err
	}
	checked, err := from.Int64Counter("finance.redaction.checked",
		metric.WithUnit("{value}"),
		metric.WithDescription("Values that redaction looked at."))
	if err != nil {
		return nil, err
	}
	scanned, err := from.Int64Counter("finance.redaction.scanned",
		metric.WithUnit("By"),
		metric.WithDescription("Text that redaction looked at."))
	if err != nil {
		return nil, err
	}
	candidates, err := from.Int64Counter("finance.redaction.candidates",
		metric.WithUnit("{value}"),
		metric.WithDescription("Values in which a detector had to look, since they may hold a secret."))
	if err != nil {
		return nil, err
	}
	m := &meter{values: values, checked: checked, scanned: scanned, candidates: candidates}
	for where, onSurface := range surfaceNames {
		for class, ofClass := range classNames {
			for done, asAction := range actionNames {
				m.options[where][class][done] = metric.WithAttributeSet(attribute.NewSet(
					attribute.String("finance.data.classification", ofClass),
					attribute.String("finance.redaction.action", asAction),
					attribute.String("finance.redaction.surface", onSurface),
					attribute.String("assay.signal", signal),
				))
			}
		}
	}
	return m, nil
}

// record adds what a batch had, and leaves both at zero for the next.
func (m *meter) record(ctx context.Context, counted *counts, looked *scans) {
	m.checked.Add(ctx, looked.values)
	m.scanned.Add(ctx, looked.bytes)
	m.candidates.Add(ctx, looked.candidates)
	for where := range counted {
		for class := range counted[where] {
			for done, count := range counted[where][class] {
				if count > 0 {
					m.values.Add(ctx, count, m.options[where][class][done])
				}
			}
		}
	}
	*counted, *looked = counts{}, scans{}
}
