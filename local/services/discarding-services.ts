import type { Service } from '../contract.ts';
import { jsonResponse, queryResponse } from './responses.ts';

export const discardMetrics: Service = async ({ operation, headers }) => {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const emptyMap = Buffer.of(0xa0);
    return {
      status: 200,
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      body: emptyMap,
    };
  }
  if (headers['x-amz-target'] !== undefined) return jsonResponse({}, 200, 'application/x-amz-json-1.0');
  return queryResponse(operation, 'http://monitoring.amazonaws.com/doc/2010-08-01/', '');
};

export const discardTraces: Service = async ({ operation }) => {
  if (operation === 'GetSamplingRules') return jsonResponse({ SamplingRuleRecords: [] }, 200, 'application/json');
  if (operation === 'GetSamplingTargets') {
    return jsonResponse({ SamplingTargetDocuments: [], UnprocessedStatistics: [] }, 200, 'application/json');
  }
  return jsonResponse({ UnprocessedTraceSegments: [] }, 200, 'application/json');
};

/** The function host captures the output of functions. */
export const discardLogs: Service = async () => jsonResponse({});
