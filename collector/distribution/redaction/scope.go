package redaction

import "go.opentelemetry.io/collector/pdata/pcommon"

func (s *sweep) scope(scope pcommon.InstrumentationScope) {
	if name := scope.Name(); !s.isClean(name) {
		s.text(surfaceScope, name, scope.SetName)
	}
	if version := scope.Version(); !s.isClean(version) {
		s.text(surfaceScope, version, scope.SetVersion)
	}
	s.attributes(surfaceScope, scope.Attributes())
}
