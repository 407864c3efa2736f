package redaction

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// spansOf is a batch of spans with ten attributes, as a payments service makes them.
func spansOf(count, seed int) ptrace.Traces {
	random := rand.New(rand.NewPCG(1, uint64(seed)))
	batch := ptrace.NewTraces()
	resource := batch.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "pay")
	scope := resource.ScopeSpans().AppendEmpty()
	scope.Scope().SetName("http")
	for at := range count {
		id := seed*count + at
		span := scope.Spans().AppendEmpty()
		span.SetName("POST /v1/payments")
		attributes := span.Attributes()
		attributes.PutStr("http.request.method", "POST")
		attributes.PutStr("http.route", "/v1/payments/{id}")
		attributes.PutStr("url.path", fmt.Sprintf("/v1/payments/pay_%08X?page=%d", random.Uint32(), id%7))
		attributes.PutInt("http.response.status_code", 200)
		attributes.PutStr("user_agent.original", "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/131.0.6778.200")
		attributes.PutStr("server.address", fmt.Sprintf("pay-%d.internal.example.net", id%9))
		attributes.PutStr("finance.payment.id", fmt.Sprintf("pay_01HZX%08X", random.Uint32()))
		attributes.PutInt("finance.payment.amount.minor", int64(100+id*37))
		attributes.PutStr("db.query.text", "SELECT id, status FROM payments WHERE id = $1 AND tenant = $2")
		attributes.PutStr("app.request.id", fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x",
			random.Uint32(), random.IntN(1<<16), random.IntN(1<<12), random.IntN(1<<12), random.Uint64()>>16))
	}
	return batch
}

// BenchmarkSpan is the time of one span of a batch of 512.
func BenchmarkSpan(b *testing.B) {
	n := start(b, engineModule, &Config{})
	batches := make([]ptrace.Traces, 32)
	for seed := range batches {
		batches[seed] = spansOf(512, seed)
	}
	b.ReportAllocs()
	for round := 0; b.Loop(); round++ {
		n.spans = &consumertest.TracesSink{}
		if err := n.traces.ConsumeTraces(context.Background(), batches[round%len(batches)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/512, "ns/span")
}
