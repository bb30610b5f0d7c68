import type { StageSettings } from '../settings.ts';

export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

export interface Throttling {
  readonly http: Rate;
  readonly auth: Rate;
  readonly socket: Rate;
}

/**
 * All APIs and socket posts of the account share this default quota of a region.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const standardQuota: Rate = { rate: 10_000, burst: 5_000 };
const smallQuota: Rate = { rate: 2_500, burst: 1_250 };
const smallRegions = [
  'af-south-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
];

/** Percent of the quota. Deliveries to sockets use the rest. */
const shares = {
  http: { rate: 20, burst: 80 },
  /** Per auth route. Low, because each login computes a password hash. */
  auth: { rate: 4, burst: 20 },
  socket: { rate: 40, burst: 100 },
} as const;
/** Percent of the quota for all rates. Socket posts need the rest. */
const largestShareInUse = 80;

type Settings = Pick<StageSettings, 'region' | 'throttling' | 'apiGatewayQuota'>;

function accountQuota({ region, apiGatewayQuota }: Settings): Rate {
  return apiGatewayQuota ?? (smallRegions.includes(region) ? smallQuota : standardQuota);
}

/** Default: shares of the account's quota. */
export function throttlingOf(settings: Settings): Throttling {
  const quota = accountQuota(settings);
  const share = (kind: keyof typeof shares): Rate => ({
    rate: Math.floor((quota.rate * shares[kind].rate) / 100),
    burst: Math.floor((quota.burst * shares[kind].burst) / 100),
  });
  return { http: share('http'), auth: share('auth'), socket: share('socket'), ...configuredRates(settings) };
}

function configuredRates({ throttling }: Settings): Partial<Throttling> {
  return Object.fromEntries(Object.entries(throttling).filter(([, value]) => value !== undefined));
}

export function throttlingComplaints(settings: Settings): string[] {
  const quota = accountQuota(settings);
  const rates = throttlingOf(settings);
  const total = rates.http.rate + rates.auth.rate + rates.socket.rate;
  const most = Math.floor((quota.rate * largestShareInUse) / 100);
  return [
    ...(total > most
      ? [
          `throttling: the rates add up to ${total} a second. At most ${most} leave room for posts to sockets in the ` +
            `account's quota of ${quota.rate} (set apiGatewayQuota if the account has more)`,
        ]
      : []),
    ...Object.entries(rates)
      .filter(([, { burst }]: [string, Rate]) => burst > quota.burst)
      .map(([kind, { burst }]) => `throttling.${kind}.burst: ${burst} is more than the account's ${quota.burst}`),
  ];
}
