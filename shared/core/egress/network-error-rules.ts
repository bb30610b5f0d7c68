/**
 * Why a call got no complete answer. `blocked` means that the address is not public. Show tenants
 * {@link shownError} instead, so that they cannot explore private networks.
 */
export type EgressError = 'blocked' | 'dns' | 'refused' | 'timeout' | 'tls' | 'too-large' | 'reset';
export type ShownError = Exclude<EgressError, 'blocked'>;

export function shownError(error: EgressError): ShownError {
  return error === 'blocked' ? 'refused' : error;
}

const classes: readonly (readonly [RegExp, EgressError])[] = [
  [/^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EBADNAME)$/, 'dns'],
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM|EINVAL)$/, 'refused'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/^HPE_HEADER_OVERFLOW$/, 'too-large'],
  [/CERT|SIGNATURE|^(?:ERR_TLS|ERR_SSL|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO|INVALID_CA|INVALID_PURPOSE)/, 'tls'],
];

/** @param code - of Node's error. */
export function errorOfCode(code: string | undefined): EgressError {
  return classes.find(([pattern]) => pattern.test(code ?? ''))?.[1] ?? 'reset';
}
