/** Why no answer came. In each case the request may have been carried out. */
export type NetworkFailure = 'unreachable' | 'timeout' | 'closed' | 'not-understood' | 'origin' | 'no-token';

const sentences: Readonly<Record<NetworkFailure, string>> = {
  unreachable: 'The server cannot be reached',
  timeout: 'The server did not answer in time',
  closed: 'The connection was closed before an answer came',
  'not-understood': 'The answer is not one of this API',
  origin: 'The server answers, but the browser does not let this page read the answer',
  'no-token': 'The application gave no access token',
};

/**
 * No answer came, or none that can be understood: whether the request was carried out is unknown. Repeat it with the
 * same ids.
 */
export class NetworkError extends Error {
  readonly failure: NetworkFailure;

  constructor(failure: NetworkFailure, detail?: string, cause?: unknown) {
    super(detail === undefined ? sentences[failure] : `${sentences[failure]}: ${detail}`, { cause });
    this.name = 'NetworkError';
    this.failure = failure;
  }
}
