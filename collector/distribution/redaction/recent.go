package redaction

// recent remembers texts in which nothing was found: telemetry says the same few thousand names again and again.
// Two generations, of which the older is dropped when the younger is full, so that it needs no clock.
type recent struct {
	most           int
	younger, older map[string]struct{}
}

func newRecent(most int) *recent {
	return &recent{most: most, younger: map[string]struct{}{}, older: map[string]struct{}{}}
}

func (r *recent) has(text string) bool {
	if _, ok := r.younger[text]; ok {
		return true
	}
	if _, ok := r.older[text]; !ok {
		return false
	}
	r.add(text)
	return true
}

func (r *recent) add(text string) {
	if len(text) > longestKey {
		return
	}
	if len(r.younger) >= r.most {
		r.older, r.younger = r.younger, r.older
		clear(r.younger)
	}
	r.younger[text] = struct{}{}
}
