package redaction

import (
	"context"
	_ "embed"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
)

//go:embed testdata/fake.wasm
var fakeModule []byte

const (
	pan    = "4111111111111111"
	masked = "411111******1111"
)

// nodes are the processors of three signals as a Collector makes them, with what they passed on.
type nodes struct {
	traces  processor.Traces
	metrics processor.Metrics
	logs    processor.Logs

	spans   *consumertest.TracesSink
	points  *consumertest.MetricsSink
	records *consumertest.LogsSink
	meters  *componenttest.Telemetry
}

func start(t testing.TB, module []byte, config *Config) *nodes {
	t.Helper()
	n := &nodes{
		spans: &consumertest.TracesSink{}, points: &consumertest.MetricsSink{}, records: &consumertest.LogsSink{},
		meters: componenttest.NewTelemetry(),
	}
	factory := newFactory(module)
	settings := processortest.NewNopSettings(factory.Type())
	settings.TelemetrySettings = n.meters.NewTelemetrySettings()
	ctx := context.Background()
	var err error
	if n.traces, err = factory.CreateTraces(ctx, settings, config, n.spans); err != nil {
		t.Fatal(err)
	}
	if n.metrics, err = factory.CreateMetrics(ctx, settings, config, n.points); err != nil {
		t.Fatal(err)
	}
	if n.logs, err = factory.CreateLogs(ctx, settings, config, n.records); err != nil {
		t.Fatal(err)
	}
	for _, each := range []component.Component{n.traces, n.metrics, n.logs} {
		if err := each.Start(ctx, componenttest.NewNopHost()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := each.Shutdown(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	return n
}

// through sends one attribute and gives what is left of the attributes.
func (n *nodes) through(t testing.TB, attributes map[string]any) map[string]any {
	t.Helper()
	batch := ptrace.NewTraces()
	span := batch.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	if err := span.Attributes().FromRaw(attributes); err != nil {
		t.Fatal(err)
	}
	if err := n.traces.ConsumeTraces(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	return span.Attributes().AsRaw()
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %#v\nwant %#v", got, want)
	}
}

func put(t testing.TB, into pcommon.Map) {
	t.Helper()
	err := into.FromRaw(map[string]any{
		"text": "card " + pan + ", order 7", "number": int64(4111111111111111), "kept": "as it was",
		"list": []any{"first", pan}, "inner": map[string]any{"note": pan, "deeper": map[string]any{pan: true}},
		"bytes": []byte(pan), "latin": []byte("\xff" + pan), "of " + pan: "ok", "pin": "4821", "size": int64(150000),
	})
	if err != nil {
		t.Fatal(err)
	}
}

var cleaned = map[string]any{
	"text": "card " + masked + ", order 7", "number": masked, "kept": "as it was",
	"list": []any{"first", masked}, "inner": map[string]any{"note": masked, "deeper": map[string]any{masked: true}},
	"bytes": []byte(masked), "latin": []byte("\xff" + masked), "of " + masked: "ok", "size": int64(150000),
}

func TestEverySurfaceOfASpanIsRedacted(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	batch := ptrace.NewTraces()
	resource := batch.ResourceSpans().AppendEmpty()
	resource.SetSchemaUrl("https://a/" + pan)
	put(t, resource.Resource().Attributes())
	scope := resource.ScopeSpans().AppendEmpty()
	scope.SetSchemaUrl("https://b/" + pan)
	scope.Scope().SetName("lib " + pan)
	scope.Scope().SetVersion("1-" + pan)
	put(t, scope.Scope().Attributes())
	span := scope.Spans().AppendEmpty()
	span.SetName("charge " + pan)
	span.Status().SetMessage("declined " + pan)
	span.TraceState().FromRaw("a=1,b=" + pan + ", c=2,d" + pan + "=3")
	put(t, span.Attributes())
	event := span.Events().AppendEmpty()
	event.SetName("saw " + pan)
	put(t, event.Attributes())
	link := span.Links().AppendEmpty()
	link.TraceState().FromRaw("x=" + pan)
	put(t, link.Attributes())

	if err := n.traces.ConsumeTraces(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	same(t, []string{
		resource.SchemaUrl(), scope.SchemaUrl(), scope.Scope().Name(), scope.Scope().Version(), span.Name(),
		span.Status().Message(), span.TraceState().AsRaw(), event.Name(), link.TraceState().AsRaw(),
	}, []string{
		"https://a/" + masked, "https://b/" + masked, "lib " + masked, "1-" + masked, "charge " + masked,
		"declined " + masked, "a=1, c=2", "saw " + masked, "",
	})
	for _, attributes := range []pcommon.Map{
		resource.Resource().Attributes(), scope.Scope().Attributes(), span.Attributes(), event.Attributes(), link.Attributes(),
	} {
		same(t, attributes.AsRaw(), cleaned)
	}
	same(t, contains(t, n, pan), false)
}

// contains says whether any batch that was passed on has the text in its bytes.
func contains(t testing.TB, n *nodes, text string) bool {
	t.Helper()
	for _, batch := range n.spans.AllTraces() {
		bytes, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(batch)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(bytes), text) {
			return true
		}
	}
	return false
}

func TestEverySurfaceOfALogRecordIsRedacted(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	batch := plog.NewLogs()
	resource := batch.ResourceLogs().AppendEmpty()
	resource.SetSchemaUrl("https://a/" + pan)
	put(t, resource.Resource().Attributes())
	scope := resource.ScopeLogs().AppendEmpty()
	scope.SetSchemaUrl("https://b/" + pan)
	scope.Scope().SetName("lib " + pan)
	scope.Scope().SetVersion("1-" + pan)
	put(t, scope.Scope().Attributes())
	text, nested, number := scope.LogRecords().AppendEmpty(), scope.LogRecords().AppendEmpty(), scope.LogRecords().AppendEmpty()
	text.Body().SetStr("paid with " + pan)
	text.SetSeverityText("ERROR " + pan)
	text.SetEventName("paid." + pan)
	put(t, text.Attributes())
	put(t, nested.Body().SetEmptyMap())
	number.Body().SetInt(4111111111111111)

	if err := n.logs.ConsumeLogs(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	same(t, []string{
		resource.SchemaUrl(), scope.SchemaUrl(), scope.Scope().Name(), scope.Scope().Version(), text.Body().Str(),
		text.SeverityText(), text.EventName(), number.Body().Str(),
	}, []string{
		"https://a/" + masked, "https://b/" + masked, "lib " + masked, "1-" + masked, "paid with " + masked,
		"ERROR " + masked, "paid." + masked, masked,
	})
	for _, attributes := range []pcommon.Map{
		resource.Resource().Attributes(), scope.Scope().Attributes(), text.Attributes(), nested.Body().Map(),
	} {
		same(t, attributes.AsRaw(), cleaned)
	}
}

func TestEverySurfaceOfAMetricIsRedacted(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	batch := pmetric.NewMetrics()
	resource := batch.ResourceMetrics().AppendEmpty()
	resource.SetSchemaUrl("https://a/" + pan)
	put(t, resource.Resource().Attributes())
	scope := resource.ScopeMetrics().AppendEmpty()
	scope.SetSchemaUrl("https://b/" + pan)
	scope.Scope().SetName("lib " + pan)
	put(t, scope.Scope().Attributes())
	var maps []pcommon.Map
	for kind := pmetric.MetricTypeGauge; kind <= pmetric.MetricTypeSummary; kind++ {
		metric := scope.Metrics().AppendEmpty()
		metric.SetName("calls." + pan)
		metric.SetDescription("of " + pan)
		metric.SetUnit("{" + pan + "}")
		put(t, metric.Metadata())
		maps = append(maps, metric.Metadata())
		attributes, exemplars := pointOf(metric, kind)
		put(t, attributes)
		maps = append(maps, attributes)
		if kind != pmetric.MetricTypeSummary {
			exemplar := exemplars.AppendEmpty().FilteredAttributes()
			put(t, exemplar)
			maps = append(maps, exemplar)
		}
	}
	if err := n.metrics.ConsumeMetrics(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	same(t, []string{resource.SchemaUrl(), scope.SchemaUrl(), scope.Scope().Name()},
		[]string{"https://a/" + masked, "https://b/" + masked, "lib " + masked})
	for _, metric := range scope.Metrics().All() {
		same(t, []string{metric.Name(), metric.Description(), metric.Unit()},
			[]string{"calls." + masked, "of " + masked, "{" + masked + "}"})
	}
	for _, attributes := range append(maps, resource.Resource().Attributes(), scope.Scope().Attributes()) {
		same(t, attributes.AsRaw(), cleaned)
	}
}

func TestAValueThatIsACardNumberLeavesNoPoint(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	batch := pmetric.NewMetrics()
	metrics := batch.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	gauge := metrics.AppendEmpty().SetEmptyGauge().DataPoints()
	gauge.AppendEmpty().SetIntValue(4111111111111111)
	gauge.AppendEmpty().SetDoubleValue(4111111111111111)
	gauge.AppendEmpty().SetIntValue(254712345678)
	histogram := metrics.AppendEmpty().SetEmptyHistogram().DataPoints().AppendEmpty()
	histogram.SetCount(1)
	histogram.SetSum(4111111111111111)
	if err := n.metrics.ConsumeMetrics(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	same(t, gauge.Len(), 1)
	same(t, gauge.At(0).IntValue(), int64(254712345678))
	same(t, histogram.HasSum(), false)
}

func pointOf(metric pmetric.Metric, kind pmetric.MetricType) (pcommon.Map, pmetric.ExemplarSlice) {
	switch kind {
	case pmetric.MetricTypeGauge:
		point := metric.SetEmptyGauge().DataPoints().AppendEmpty()
		return point.Attributes(), point.Exemplars()
	case pmetric.MetricTypeSum:
		point := metric.SetEmptySum().DataPoints().AppendEmpty()
		return point.Attributes(), point.Exemplars()
	case pmetric.MetricTypeHistogram:
		point := metric.SetEmptyHistogram().DataPoints().AppendEmpty()
		return point.Attributes(), point.Exemplars()
	case pmetric.MetricTypeExponentialHistogram:
		point := metric.SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
		return point.Attributes(), point.Exemplars()
	}
	return metric.SetEmptySummary().DataPoints().AppendEmpty().Attributes(), pmetric.ExemplarSlice{}
}
