import type { WebSocketApi } from '../api/websocket-api.ts';
import type { Assembly, AwsEndpoint, Recorder } from '../contract.ts';
import type { Vendors } from '../far-sides/vendors.ts';
import type { LocalFunctionHost } from '../functions/function-host.ts';
import type { LateWork } from '../functions/late-work.ts';
import type { Schedules } from '../sources/schedules.ts';

export interface InspectorParts {
  readonly vendors: Vendors;
  readonly assembly: Assembly;
  readonly aws: AwsEndpoint;
  readonly host: LocalFunctionHost;
  readonly recorder: Recorder;
  readonly socketApis: readonly WebSocketApi[];
  readonly schedules: Schedules;
  readonly lateWork: () => readonly LateWork[];
  readonly url: string;
  readonly socketUrl: string;
  readonly startedInMs: () => number;
  readonly settled: () => Promise<void>;
}
