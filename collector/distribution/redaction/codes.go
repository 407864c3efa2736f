package redaction

// What the numbers of the engine mean: the same tables as packages/redaction/engine/codes.ts, to which a test holds them.

// Form of an entry: what its text is.
const (
	formValue  uint32 = iota // text under a key
	formNumber               // a whole number in decimal, under a key
	formText                 // text without a key: a name, a status, the key of a map
	formAgain                // text of which something was taken out already: its key's words count, its kind no more
)

// What the host does with a finding.
const (
	actionDrop    = 1
	actionReplace = 2
	actionMask    = 3
)

// What the registry says of an attribute.
const (
	registryNone   = 0
	registryKeep   = 1
	registryScan   = 2
	registryRemove = 3
	registryMask   = 4
	registryHash   = 5
)

// What a key says about its value.
const (
	kindNone   = 0
	kindSecret = 1
	kindPhrase = 2
	kindCVV    = 7
	kindPIN    = 8
	kindSAD    = 9
	kindPAN    = 10
	kindName   = 11
	kindTrace  = 16
)

// Data classes in order of severity; the registry has two more, under which nothing is counted.
const (
	classConfidential = 1
	classPII          = 2
	classCHD          = 3
	classCredential   = 4
	classSAD          = 5
)

// classNames are the values of finance.data.classification.
var classNames = [...]string{
	classConfidential: "confidential",
	classPII:          "pii",
	classCHD:          "pci_chd",
	classCredential:   "credential",
	classSAD:          "pci_sad",
}

const (
	detectorRegistry = 17
	detectorEncoded  = 42
)

const removedMarker = "[removed]"

// markers are what stands in place of a value, by number.
var markers = [...]string{
	removedMarker, removedMarker, "[id]", "[card]", "[credential]", "[sad]", "[email]", "[phone]", "[iban]", "[account]", "?",
}

// kindMarkers are what stands in an array in place of a value of this kind, so that the others keep their places.
var kindMarkers = [...]string{
	removedMarker, "[credential]", "[credential]", "[credential]", "[credential]", "[credential]", "[credential]",
	"[sad]", "[sad]", "[sad]", "[card]", "[card]", "[email]", "[phone]", "[account]", "[id]", removedMarker,
}

func markerOf(number uint32) string {
	if int(number) < len(markers) {
		return markers[number]
	}
	return removedMarker
}

func kindMarker(kind uint32) string {
	if int(kind) < len(kindMarkers) {
		return kindMarkers[kind]
	}
	return removedMarker
}

// countedClass is the class under which a finding is counted: what the registry calls public or internal, and
// still has removed, is confidential.
func countedClass(class uint32) uint32 {
	if class >= classConfidential && class <= classSAD {
		return class
	}
	return classConfidential
}
