package redaction

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestValues(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	digits, bytes := make([]any, 0, 16), make([]any, 0, 16)
	for _, each := range pan {
		digits = append(digits, string(each))
		bytes = append(bytes, int64(each))
	}
	cases := []struct {
		name      string
		give, get map[string]any
	}{
		{"clean values stay", map[string]any{"a": "x", "b": int64(7), "c": 1.5, "d": true, "e": nil, "f": []any{}, "": ""},
			map[string]any{"a": "x", "b": int64(7), "c": 1.5, "d": true, "e": nil, "f": []any{}, "": ""}},
		{"two findings in one text", map[string]any{"a": pan + " of jane@example.com."}, map[string]any{"a": masked + " of [email]."}},
		{"a whole number that is a double", map[string]any{"a": float64(4111111111111111), "b": 1e300, "c": math.Inf(1)},
			map[string]any{"a": masked, "b": 1e300, "c": math.Inf(1)}},
		{"authentication data is dropped with its key, as a number too", map[string]any{"pin": "4821", "b": map[string]any{"pin": int64(4821), "c": 1.0}, "x": "y"},
			map[string]any{"b": map[string]any{"c": 1.0}, "x": "y"}},
		{"a fraction under its key too", map[string]any{"b": map[string]any{"pin": 48.21}}, map[string]any{"b": map[string]any{}}},
		{"in an array a marker stays", map[string]any{"pin": []any{"1234", "5678"}, "password": []any{"a", int64(5)}},
			map[string]any{"pin": []any{"[sad]", "[sad]"}, "password": []any{"[credential]", "[credential]"}}},
		{"what a secret consists of is secret", map[string]any{"password": map[string]any{"db": "x", "deeper": map[string]any{"y": "z"}}},
			map[string]any{"password": map[string]any{"db": "[credential]", "deeper": map[string]any{"y": "[credential]"}}}},
		{"a name and a value beside each other are a pair", map[string]any{"item": []any{
			map[string]any{"Name": "pin", "Value": int64(254708374149)}, map[string]any{"Name": "amount", "Value": int64(254708374149)}}},
			map[string]any{"item": []any{
				map[string]any{"Name": "pin"}, map[string]any{"Name": "amount", "Value": int64(254708374149)}}}},
		{"an array of digits", map[string]any{"a": digits, "b": "c"}, map[string]any{"b": "c"}},
		{"an array of bytes is dropped when all of it must go", map[string]any{"a": bytes, "pin": bytes},
			map[string]any{"a": bytes}},
		{"an array of digits in an array", map[string]any{"a": []any{digits, "b"}}, map[string]any{"a": []any{"[removed]", "b"}}},
		{"tracing ids stay", map[string]any{"span_id": int64(4111111111111111)}, map[string]any{"span_id": int64(4111111111111111)}},
		{"a number that the registry keeps stays, a text is looked at", map[string]any{"kept": []any{int64(4111111111111111), pan}},
			map[string]any{"kept": []any{int64(4111111111111111), masked}}},
		{"what the registry removes goes, whatever it is", map[string]any{"denied": "x", "b": map[string]any{"c": true}}, map[string]any{"b": map[string]any{"c": true}}},
		{"a number and a map too", map[string]any{"denied": map[string]any{"x": int64(1)}}, map[string]any{}},
		{"what the registry hashes has a marker without a key", map[string]any{"person": "usr_1"}, map[string]any{"person": "[id]"}},
		{"a map, bytes and a fraction too", map[string]any{"person": []any{1.5}}, map[string]any{"person": "[id]"}},
		{"of two keys that are the same by now one stays", map[string]any{"of " + pan: "same", "of " + masked: "same"}, map[string]any{"of " + masked: "same"}},
		{"four looks, no more", map[string]any{"a": "<<<>>>", "b": "<<<<<>>>>>"}, map[string]any{"a": "", "b": "<>"}},
		{"other texts than ASCII", map[string]any{"a": "é " + pan + " ü", "b": []byte("é " + pan)},
			map[string]any{"a": "é " + masked + " ü", "b": []byte("é " + masked)}},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) { same(t, n.through(t, each.give), each.get) })
	}
}

func TestAKeyOrderIsKeptWhenOneIsRenamed(t *testing.T) {
	from := pcommon.NewMap()
	for _, name := range []string{"z", "b", "c", "y"} {
		from.PutStr(name, name)
	}
	editMap(from, []edit{{entry: 0, key: "a"}, {entry: 1, drop: true}, {entry: 2, key: "kept"}, {entry: 2, drop: true}, {entry: 3, key: "a"}})
	var left []string
	for name, value := range from.All() {
		left = append(left, name+"="+value.Str())
	}
	same(t, left, []string{"a=y"})
}

func TestAKeyOfAVeryLargeMapIsRemovedRatherThanRenamed(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	many := map[string]any{"of " + pan: "x"}
	for at := range mostRenamed + 1 {
		many[fmt.Sprint("k", at)] = "v"
	}
	left := n.through(t, many)
	same(t, len(left), mostRenamed+1)
}

func TestWhatIsDeeperOrMoreThanItIsScannedForIsRemoved(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	deep := any(pan)
	for range 20 {
		deep = map[string]any{"deep": deep}
	}
	want := any(removedMarker)
	for range deepest + 1 {
		want = map[string]any{"deep": want}
	}
	same(t, n.through(t, map[string]any{"x": deep}), map[string]any{"x": want})

	many, left := make([]any, 1500), make([]any, 1500)
	for at := range many {
		many[at], left[at] = "ok", "ok"
		if at >= mostNodes {
			left[at] = removedMarker
		}
	}
	same(t, n.through(t, map[string]any{"x": many}), map[string]any{"x": left})

	long := strings.Repeat("a ", scannedUnits/2)
	same(t, n.through(t, map[string]any{"x": []any{long, long, long, long, "over"}}),
		map[string]any{"x": []any{long, long, long, long, removedMarker}})
}

func TestTheRestOfALongTextIsRemoved(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	for _, length := range []int{scannedUnits + 1, mostBytes - 1, mostBytes, mostBytes + 1, 3 << 20} {
		text := pan + strings.Repeat("a", length-len(pan)*2) + pan
		left := n.through(t, map[string]any{"x": text})["x"].(string)
		want := masked + strings.Repeat("a", scannedUnits-1024-len(pan)) + removedMarker
		if left != want {
			t.Errorf("of %d bytes %d are left, %q at the end", length, len(left), left[len(left)-20:])
		}
	}
}

func TestABatchOfMoreThanOneScan(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	many, want := map[string]any{}, map[string]any{}
	for at := range 30_000 {
		key := fmt.Sprint("k", at%50, ".", at)
		filler := strings.Repeat("x", at%100)
		many[key], want[key] = filler+pan, filler+masked
	}
	same(t, n.through(t, many), want)
}

func TestABatchOfMoreThanIsSettledAtOnce(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	batch := ptrace.NewTraces()
	spans := batch.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for at := range mostPlaces {
		attributes := spans.AppendEmpty().Attributes()
		attributes.PutStr("pin", "1234")
		attributes.PutStr("note", fmt.Sprint(at)+pan)
	}
	if err := n.traces.ConsumeTraces(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	for at, span := range spans.All() {
		if left := span.Attributes().AsRaw(); len(left) != 1 || left["note"] != fmt.Sprint(at)+masked {
			t.Fatalf("of span %d %v is left", at, left)
		}
	}
}

func TestKeysAreForgottenWhenTheEngineHasNoRoomForMore(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	// The fake has room for 64 keys: this value alone has more, and each needs its parent's.
	inner, want := map[string]any{}, map[string]any{}
	for at := range 300 {
		inner[fmt.Sprint("k", at)] = map[string]any{"pin": "1234", "note": pan}
		want[fmt.Sprint("k", at)] = map[string]any{"note": masked}
	}
	for range 3 {
		same(t, n.through(t, map[string]any{"outer": map[string]any{"middle": inner}, "pin": "1"}),
			map[string]any{"outer": map[string]any{"middle": want}})
	}
}
