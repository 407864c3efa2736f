package redaction

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func (s *sweep) metrics(batch pmetric.Metrics) {
	for _, fromResource := range batch.ResourceMetrics().All() {
		s.attributes(surfaceResource, fromResource.Resource().Attributes())
		if url := fromResource.SchemaUrl(); !s.isClean(url) {
			s.text(surfaceResource, url, fromResource.SetSchemaUrl)
		}
		for _, fromScope := range fromResource.ScopeMetrics().All() {
			s.scope(fromScope.Scope())
			if url := fromScope.SchemaUrl(); !s.isClean(url) {
				s.text(surfaceScope, url, fromScope.SetSchemaUrl)
			}
			for _, metric := range fromScope.Metrics().All() {
				s.metric(metric)
			}
		}
	}
	s.settle()
}

func (s *sweep) metric(metric pmetric.Metric) {
	if name := metric.Name(); !s.isClean(name) {
		s.text(surfaceMetric, name, metric.SetName)
	}
	if description := metric.Description(); !s.isClean(description) {
		s.text(surfaceMetric, description, metric.SetDescription)
	}
	if unit := metric.Unit(); !s.isClean(unit) {
		s.text(surfaceMetric, unit, metric.SetUnit)
	}
	s.attributes(surfaceMetric, metric.Metadata())
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		for _, point := range metric.Gauge().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeSum:
		for _, point := range metric.Sum().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeHistogram:
		for _, point := range metric.Histogram().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, point := range metric.ExponentialHistogram().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeSummary:
		for _, point := range metric.Summary().DataPoints().All() {
			s.attributes(surfaceMetric, point.Attributes())
		}
	}
}

func (s *sweep) point(attributes pcommon.Map, exemplars pmetric.ExemplarSlice) {
	s.attributes(surfaceMetric, attributes)
	for _, exemplar := range exemplars.All() {
		s.attributes(surfaceMetric, exemplar.FilteredAttributes())
	}
	s.rest()
}
