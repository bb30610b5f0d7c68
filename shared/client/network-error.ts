export type NetworkFailure = 'unreachable' | 'timeout' | 'closed' | 'not-understood' | 'origin' | 'no-token';

const sentences: Readonly<Record<NetworkFailure, string>> = {
  unreachable: 'The server cannot be reached',
  timeout: 'The server did not answer in time',
  closed: 'The connection was closed before an answer came',
  'not-understood': 'The client cannot interpret the answer',
  origin: 'The browser does not let this page read the server’s answers',
  'no-token': 'The application returned no access token',
};

/** No answer came. The server may have processed the request: retry with the same ids. */
export class NetworkError extends Error {
  readonly failure: NetworkFailure;

  constructor(failure: NetworkFailure, detail?: string, cause?: unknown) {
    super(detail === undefined ? sentences[failure] : `${sentences[failure]}: ${detail}`, { cause });
    this.name = 'NetworkError';
    this.failure = failure;
  }
}
