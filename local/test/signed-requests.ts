import { STSClient } from '@aws-sdk/client-sts';

export interface PlainRequest {
  readonly url: string;
  readonly service: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly region?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signedAt?: Date;
}

interface Signer {
  sign(request: object, options: object): Promise<{ readonly headers: Readonly<Record<string, string>> }>;
}

export async function signedHeaders(request: PlainRequest): Promise<Record<string, string>> {
  const { service, credentials, region = 'eu-west-1', method = 'POST', body = '', signedAt = new Date() } = request;
  const url = new URL(request.url);
  const client = new STSClient({ region, credentials });
  const signer = (await client.config.signer()) as unknown as Signer;
  const { headers } = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...request.headers },
      body,
    },
    { signingService: service, signingRegion: region, signingDate: signedAt },
  );
  return { ...headers };
}

export async function fetchSigned(
  request: PlainRequest,
  change: (headers: Record<string, string>) => Record<string, string> = (headers) => headers,
): Promise<Response> {
  const { host: _host, ...headers } = change(await signedHeaders(request));
  const { url, method = 'POST', body } = request;
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
}
