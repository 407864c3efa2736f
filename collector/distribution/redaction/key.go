package redaction

// key is what the engine says of the name of an attribute, or of a member inside one.
type key struct {
	id    uint32
	flags uint32
	path  string
	// The name of an attribute in which nothing was found.
	isClean bool

	// Values in which nothing was found: most keys have few, and have them again and again.
	values      *recent
	generation  int
	tries, hits int
	// The key of ids and texts that are each there once: to remember them costs more than to look at them.
	isVaried bool
}

type member struct {
	parent uint32
	name   string
}

func (k *key) kind() uint32           { return k.flags & 0xff }
func (k *key) registryClass() uint32  { return k.flags >> 8 & 0xff }
func (k *key) registryAction() uint32 { return k.flags >> 16 & 0xff }
func (k *key) registryMarker() uint32 { return k.flags >> 24 }

const (
	// For all keys of an instance, and for one.
	mostRemembered = 16_384
	mostValues     = 256
	// After so many values a key shows whether it has them again: less than one in four is varied.
	triesToShow = 512
)

// knows says whether the value was looked at under this key before and nothing was found.
func (e *engine) knows(under *key, text string) bool {
	if under.isVaried || under.values == nil || under.generation != e.generation {
		return false
	}
	under.tries++
	if under.values.has(text) {
		under.hits++
		return true
	}
	if under.tries >= triesToShow {
		under.isVaried = under.hits*4 < under.tries
		under.tries, under.hits = 0, 0
		if under.isVaried {
			under.values = nil
		}
	}
	return false
}

// remember keeps a value in which nothing was found.
func (e *engine) remember(under *key, text string) {
	if under.isVaried || len(text) > longestKey {
		return
	}
	if e.remembered >= mostRemembered {
		e.remembered = 0
		e.generation++
	}
	if under.values == nil || under.generation != e.generation {
		under.values, under.generation = newRecent(mostValues), e.generation
	}
	e.remembered++
	under.values.add(text)
}
