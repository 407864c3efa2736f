package redaction

import (
	"regexp"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// What a value is by what stands beside it, as packages/redaction/src/beside.ts has it.
var (
	named = wordsOf("value", "val", "data", "content", "rejectedvalue", "received", "actual", "input")
	namer = wordsOf("name", "key", "field", "fieldname", "param", "parameter", "header", "id", "property", "path",
		"attribute", "variable", "label", "datapath", "instancepath")
	// Whose value is the key of the other even when it says nothing.
	plainNamer = wordsOf("name", "key", "field")
	codeNames  = wordsOf("code", "verification", "security", "cid")
	option     = regexp.MustCompile(`^--?[A-Za-z][0-9A-Za-z_-]{0,63}$`)
	header     = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_-]{0,63}$`)
	block      = regexp.MustCompile(`^[0-9A-Fa-f]{16}$`)
	group      = regexp.MustCompile(`^[0-9][0-9 -]{0,11}$`)
)

const (
	leastCard = 12
	mostCard  = 19
	// Digits of the shortest card number whose groups are items of a list.
	leastListed = 13
)

func wordsOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

// No word of the sets is longer.
const longestWord = 16

func isOne(of map[string]bool, name string) bool {
	return len(name) <= longestWord && of[strings.ToLower(name)]
}

// nameBeside is the name that is the key of an entry called value.
func (s *sweep) nameBeside(values pcommon.Map, name string, depth int) (string, bool) {
	if !isOne(named, name) {
		return "", false
	}
	plain, isFound := "", false
	for other, value := range values.All() {
		if !isOne(namer, other) {
			continue
		}
		// The path of a nested field is a list.
		if value.Type() == pcommon.ValueTypeSlice {
			items := value.Slice()
			if items.Len() == 0 {
				continue
			}
			value = items.At(items.Len() - 1)
		}
		if value.Type() != pcommon.ValueTypeStr {
			continue
		}
		if s.isSaying(value.Str(), depth) {
			return value.Str(), true
		}
		if !isFound && isOne(plainNamer, other) {
			plain, isFound = value.Str(), true
		}
	}
	return plain, isFound
}

func (s *sweep) isSaying(name string, depth int) bool {
	found := s.known(name, depth)
	kind, action := found.kind(), found.registryAction()
	return kind != kindNone && kind != kindTrace || action >= registryRemove && action <= registryHash
}

// known is a key by its name alone. The engine may forget all others for it, so those down to a depth are asked for again.
func (s *sweep) known(name string, depth int) *key {
	if found := s.engine.top(s.ctx, name); found != nil {
		return found
	}
	s.forget()
	found := s.orFault(s.engine.top(s.ctx, name))
	s.renew(depth)
	return found
}

// isPinField says whether an entry is field 52 of an ISO 8583 message, by its number and form.
func isPinField(name string, value pcommon.Value) bool {
	return (name == "52" || name == "052") && value.Type() == pcommon.ValueTypeStr && block.MatchString(value.Str())
}

// isCardCode says whether an entry is the code of three or four digits beside a card number, which is that card's.
func (s *sweep) isCardCode(values pcommon.Map, name string, value pcommon.Value, depth int) bool {
	if !isOne(codeNames, name) {
		return false
	}
	if code := digitsText(value); len(code) < 3 || len(code) > 4 || countDigits(code) != len(code) {
		return false
	}
	for other, value := range values.All() {
		count := countDigits(digitsText(value))
		if count >= leastCard && count <= mostCard && s.known(other, depth).kind() == kindPAN {
			return true
		}
	}
	return false
}

// namesOfPairs are the names before the values of a list that has both by turns, as raw headers have, or options and
// their values, as the arguments of a command; or nil.
func (s *sweep) namesOfPairs(items pcommon.Slice, depth int) []string {
	if items.Len() < 2 {
		return nil
	}
	isPaired := items.Len()%2 == 0
	for at, item := range items.All() {
		if item.Type() != pcommon.ValueTypeStr {
			return nil
		}
		isPaired = isPaired && (at%2 == 1 || header.MatchString(item.Str()))
	}
	var names []string
	for at := 1; at < items.Len(); at++ {
		name := items.At(at - 1).Str()
		// Two names may stand beside each other.
		if isPaired && at%2 == 1 {
			if !strings.ContainsAny(items.At(at).Str(), "0123456789= ") {
				continue
			}
		} else if !option.MatchString(name) {
			continue
		}
		if kind := s.known(name, depth).kind(); kind == kindNone || kind == kindTrace {
			continue
		}
		if names == nil {
			names = make([]string, items.Len())
		}
		names[at] = name
	}
	return names
}

// joinedDigits are the digits of a list as one text, when they may be a card number together.
func joinedDigits(items pcommon.Slice) (string, bool) {
	if items.Len() < 2 {
		return "", false
	}
	texts := make([]string, items.Len())
	isSingle := items.Len() >= leastListed
	for index := range texts {
		text := digitsText(items.At(index))
		if !group.MatchString(text) {
			return "", false
		}
		texts[index] = text
		isSingle = isSingle && len(text) == 1
	}
	if isSingle {
		return strings.Join(texts, ""), true
	}
	if len(texts) > mostCard {
		return "", false
	}
	joined := strings.Join(texts, " ")
	count := countDigits(joined)
	return joined, count >= leastListed && count <= mostCard
}

func countDigits(text string) int {
	count := 0
	for index := range len(text) {
		if text[index] >= '0' && text[index] <= '9' {
			count++
		}
	}
	return count
}

// Beyond it a number of JavaScript is not exact.
const mostSafe = 1<<53 - 1

// digitsText is a text, or a whole number as it is written.
func digitsText(value pcommon.Value) string {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return value.Str()
	case pcommon.ValueTypeInt:
		return strconv.FormatInt(value.Int(), 10)
	case pcommon.ValueTypeDouble:
		number := value.Double()
		if number >= -mostSafe && number <= mostSafe && number == float64(int64(number)) {
			return strconv.FormatInt(int64(number), 10)
		}
	}
	return ""
}
