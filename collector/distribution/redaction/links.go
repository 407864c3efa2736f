package redaction

import "errors"

var errKeys = errors.New("the redaction engine has no room for one key")

// link is a key on the way to the value that is looked at. Its name is kept so that the key can be asked for again.
type link struct {
	key  *key
	name string
	kind linkKind
}

type linkKind uint8

const (
	linkMember linkKind = iota // the name of an entry, which continues its parent's
	linkWhole                  // a name of its own: of an attribute, or the Name of a pair
	linkItem                   // an item of an array, which has its parent's key
)

// top is the key of an attribute.
func (s *sweep) top(name string) *key {
	if found := s.engine.top(s.ctx, name); found != nil {
		return found
	}
	s.forget()
	return s.orFault(s.engine.top(s.ctx, name))
}

// renew gives the keys down to a depth of the chain new numbers.
func (s *sweep) renew(depth int) {
	for at := range depth + 1 {
		if at == 0 {
			s.chain[0].key = s.top(s.chain[0].name)
			continue
		}
		s.chain[at].key = s.orFault(s.ask(s.chain[at-1].key, s.chain[at]))
	}
}

// setLink puts a key at a depth of the chain; its parent is the one before it.
func (s *sweep) setLink(depth int, to link) {
	if depth == 0 {
		to.key = s.top(to.name)
		s.chain[0] = to
		return
	}
	to.key = s.ask(s.chain[depth-1].key, to)
	if to.key == nil {
		s.forget()
		s.chain[0].key = s.top(s.chain[0].name)
		// The keys on the way here have new numbers.
		for at := 1; at < depth; at++ {
			s.chain[at].key = s.orFault(s.ask(s.chain[at-1].key, s.chain[at]))
		}
		to.key = s.orFault(s.ask(s.chain[depth-1].key, to))
	}
	s.chain[depth] = to
}

// ask is the key of a link under its parent; nil when the engine has no more room.
func (s *sweep) ask(parent *key, to link) *key {
	switch to.kind {
	case linkItem:
		return parent
	case linkMember:
		return s.engine.under(s.ctx, parent, to.name)
	}
	found := s.engine.top(s.ctx, to.name)
	// What a secret consists of is secret too.
	if found != nil && found.kind() == kindNone {
		switch parent.kind() {
		case kindSecret, kindPhrase, kindCVV, kindPIN, kindSAD:
			return parent
		}
	}
	return found
}

// forget makes room for keys. What was gathered under them is looked at first.
func (s *sweep) forget() {
	s.flush()
	s.engine.forget(s.ctx)
}

func (s *sweep) orFault(found *key) *key {
	if found == nil {
		s.engine.fail(errKeys)
		return &key{}
	}
	return found
}
