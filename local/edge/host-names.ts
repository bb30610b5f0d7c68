const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** True for a `Host` that no foreign name server can give out, with or without a port. */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host);
}

/** The names by which the public port is reached. */
export interface HostNames {
  /**
   * Whether a request may be answered. A foreign page can make its own name point at this machine ("DNS rebinding"), and
   * would then be of the same origin as the API.
   */
  isKnown(headers: NameHeaders): boolean;
  /** The origin by which the sender of a request reaches this port. */
  originOf(headers: NameHeaders): string;
}

interface NameHeaders {
  readonly host?: string | undefined;
  readonly 'x-forwarded-host'?: string | string[] | undefined;
}

/** Names of the loopback interface with any port, since a tunnel may begin at another one, and the host of `publicUrl`. */
export function hostNames(publicUrl: string | undefined): HostNames {
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return {
    isKnown: ({ host }) => host !== undefined && (isLoopbackHost(host) || host === publicHost),
    originOf: ({ host = '', 'x-forwarded-host': forwarded }) =>
      publicUrl !== undefined && (host === publicHost || forwarded === publicHost) ? publicUrl : `http://${host}`,
  };
}
