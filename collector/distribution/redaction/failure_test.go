package redaction

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func TestWhenTheEngineFailsNoTextOfTheBatchGoesOn(t *testing.T) {
	for _, poison := range []string{"trap now", "outside", "trap key"} {
		t.Run(poison, func(t *testing.T) {
			n := start(t, fakeModule, &Config{})
			batch := ptrace.NewTraces()
			spans := batch.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
			for _, name := range []string{"first", poison, "last"} {
				span := spans.AppendEmpty()
				span.SetName("span " + name)
				span.TraceState().FromRaw("a=b")
				if err := span.Attributes().FromRaw(map[string]any{
					"text": "x " + name, "list": []any{"y", true}, "count": int64(3), "flag": false, name: "z", "pin": []any{1.5},
				}); err != nil {
					t.Fatal(err)
				}
			}
			if err := n.traces.ConsumeTraces(context.Background(), batch); err != nil {
				t.Fatal(err)
			}
			for _, span := range spans.All() {
				if name := span.Name(); name != removedMarker && poison != "trap key" {
					t.Errorf("the name %q went on", name)
				}
				if _, found := span.Attributes().Get("text"); found {
					t.Error("a text went on")
				}
			}
			same(t, n.spans.SpanCount(), 3)
			// The next batch has another instance.
			same(t, n.through(t, map[string]any{"a": pan}), map[string]any{"a": masked})
		})
	}
}

func TestAModuleThatIsNotTheEngineStopsTheCollectorAtTheStart(t *testing.T) {
	factory := newFactory([]byte("\x00asm\x01\x00\x00\x00"))
	node, err := factory.CreateTraces(context.Background(), processortest.NewNopSettings(factory.Type()), &Config{}, start(t, fakeModule, &Config{}).spans)
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(context.Background(), componenttest.NewNopHost()); err == nil || !strings.HasPrefix(err.Error(), "the redaction engine ") {
		t.Errorf("it started: %v", err)
	}
	if err := node.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestBatchesRunAtTheSameTime(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	var all sync.WaitGroup
	for sender := range 16 {
		all.Go(func() {
			for round := range 30 {
				note := fmt.Sprint(sender, " ", round, " ")
				give := map[string]any{"note": note + pan, "m": map[string]any{note: "jane@example.com", "pin": "1"}}
				if round%10 == 9 {
					give["poison"] = "trap now"
				}
				left := n.through(t, give)
				if round%10 != 9 {
					same(t, left, map[string]any{"note": note + masked, "m": map[string]any{note: "[email]"}})
				} else if text := left["note"]; text != nil && text != note+masked {
					// It is masked when it was looked at before the engine failed, else it is gone.
					t.Errorf("%q of a batch that failed went on", text)
				}
			}
		})
	}
	all.Wait()
}

func TestABatchThatWaitsForAnInstanceEndsWithItsContext(t *testing.T) {
	p, err := newPool(context.Background(), fakeModule)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.close(context.Background()) }()
	for range cap(p.slots) {
		if _, err := p.take(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := p.take(ctx); err != context.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
}

func TestFindingsAreCountedBySignalClassSurfaceAndAction(t *testing.T) {
	n := start(t, fakeModule, &Config{PseudonymKeys: []PseudonymKey{{ID: "k1", KeyFile: keyFile(t, "k1="+keyOf("k", 32))}}})
	n.through(t, map[string]any{"a": pan + " jane@example.com", "pin": "1", "person": "x", "denied": true, "deny": 1.5})
	values, err := n.meters.GetMetric("finance.redaction.values")
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]int64{}
	for _, point := range values.Data.(metricdata.Sum[int64]).DataPoints {
		var name []string
		for _, each := range point.Attributes.ToSlice() {
			name = append(name, each.Value.AsString())
		}
		counted[strings.Join(name, " ")] = point.Value
	}
	same(t, counted, map[string]int64{
		"traces pci_chd masked attribute": 1, "traces pii removed attribute": 1, "traces pci_sad removed attribute": 1, "traces pii hashed attribute": 1,
	})
	scanned, err := n.meters.GetMetric("finance.redaction.scanned")
	if err != nil {
		t.Fatal(err)
	}
	if got := scanned.Data.(metricdata.Sum[int64]).DataPoints[0].Value; got < 40 {
		t.Errorf("only %d bytes were counted", got)
	}
	candidates, err := n.meters.GetMetric("finance.redaction.candidates")
	if err != nil {
		t.Fatal(err)
	}
	same(t, candidates.Data.(metricdata.Sum[int64]).DataPoints[0].Value, int64(4))
}
