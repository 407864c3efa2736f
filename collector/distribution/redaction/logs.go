package redaction

import "go.opentelemetry.io/collector/pdata/plog"

func (s *sweep) logs(batch plog.Logs) {
	for _, fromResource := range batch.ResourceLogs().All() {
		s.attributes(surfaceResource, fromResource.Resource().Attributes())
		if url := fromResource.SchemaUrl(); !s.isClean(url) {
			s.text(surfaceResource, url, fromResource.SetSchemaUrl)
		}
		for _, fromScope := range fromResource.ScopeLogs().All() {
			s.scope(fromScope.Scope())
			if url := fromScope.SchemaUrl(); !s.isClean(url) {
				s.text(surfaceScope, url, fromScope.SetSchemaUrl)
			}
			for _, record := range fromScope.LogRecords().All() {
				s.record(record)
				s.rest()
			}
		}
	}
	s.settle()
}

func (s *sweep) record(record plog.LogRecord) {
	if severity := record.SeverityText(); !s.isClean(severity) {
		s.text(surfaceName, severity, record.SetSeverityText)
	}
	if name := record.EventName(); !s.isClean(name) {
		s.text(surfaceName, name, record.SetEventName)
	}
	s.body(record.Body())
	s.attributes(surfaceAttribute, record.Attributes())
}
