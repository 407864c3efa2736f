package redaction

import "go.opentelemetry.io/collector/pdata/ptrace"

func (s *sweep) traces(batch ptrace.Traces) {
	for _, fromResource := range batch.ResourceSpans().All() {
		s.attributes(surfaceResource, fromResource.Resource().Attributes())
		if url := fromResource.SchemaUrl(); !s.isClean(url) {
			s.text(surfaceResource, url, fromResource.SetSchemaUrl)
		}
		for _, fromScope := range fromResource.ScopeSpans().All() {
			s.scope(fromScope.Scope())
			if url := fromScope.SchemaUrl(); !s.isClean(url) {
				s.text(surfaceScope, url, fromScope.SetSchemaUrl)
			}
			for _, span := range fromScope.Spans().All() {
				s.span(span)
				s.rest()
			}
		}
	}
	s.settle()
}

func (s *sweep) span(span ptrace.Span) {
	if name := span.Name(); !s.isClean(name) {
		s.text(surfaceName, name, span.SetName)
	}
	if message := span.Status().Message(); !s.isClean(message) {
		s.text(surfaceStatus, message, span.Status().SetMessage)
	}
	s.traceState(span.TraceState())
	s.attributes(surfaceAttribute, span.Attributes())
	for _, event := range span.Events().All() {
		if name := event.Name(); !s.isClean(name) {
			s.text(surfaceEvent, name, event.SetName)
		}
		s.attributes(surfaceEvent, event.Attributes())
	}
	for _, link := range span.Links().All() {
		s.traceState(link.TraceState())
		s.attributes(surfaceLink, link.Attributes())
	}
}
