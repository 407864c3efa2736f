package redaction

import (
	"encoding/binary"
	"math"
	"strconv"

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
		metric.Gauge().DataPoints().RemoveIf(s.isCardPoint)
		for _, point := range metric.Gauge().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeSum:
		metric.Sum().DataPoints().RemoveIf(s.isCardPoint)
		for _, point := range metric.Sum().DataPoints().All() {
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeHistogram:
		for _, point := range metric.Histogram().DataPoints().All() {
			if s.hasCard(point) {
				point.RemoveSum()
				point.RemoveMin()
				point.RemoveMax()
			}
			s.point(point.Attributes(), point.Exemplars())
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, point := range metric.ExponentialHistogram().DataPoints().All() {
			if s.hasCard(point) {
				point.RemoveSum()
				point.RemoveMin()
				point.RemoveMax()
			}
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

// Fifteen digits. Shorter numbers are sums and sizes.
const leastCardValue = 1e14

// isCardPoint says whether the value is a card number: somebody recorded the wrong variable.
func (s *sweep) isCardPoint(point pmetric.NumberDataPoint) bool {
	if point.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return point.IntValue() >= leastCardValue && s.isCard(strconv.FormatInt(point.IntValue(), 10))
	}
	return point.ValueType() == pmetric.NumberDataPointValueTypeDouble && s.isCardNumber(point.DoubleValue())
}

func (s *sweep) isCardNumber(value float64) bool {
	return value >= leastCardValue && value <= mostSafe && value == math.Trunc(value) &&
		s.isCard(strconv.FormatInt(int64(value), 10))
}

// recorded is a histogram of either kind.
type recorded interface {
	Count() uint64
	Sum() float64
	Min() float64
	Max() float64
}

func (s *sweep) hasCard(point recorded) bool {
	return s.isCardNumber(point.Min()) || s.isCardNumber(point.Max()) || point.Count() == 1 && s.isCardNumber(point.Sum())
}

// isCard looks at once: a point cannot be removed while others are gathered.
func (s *sweep) isCard(digits string) bool {
	if s.engine.fault != nil {
		return true
	}
	copy(s.engine.input, digits)
	row := s.engine.rows[:rowBytes]
	clear(row)
	binary.LittleEndian.PutUint32(row[8:], uint32(len(digits)))
	binary.LittleEndian.PutUint32(row[12:], formNumber)
	found, _ := s.engine.scan(s.ctx, 1, len(digits))
	if len(found) > 0 {
		s.counts.add(surfaceMetric, findingAt(found, 0).class, countRemoved, 1)
	}
	return len(found) > 0
}
