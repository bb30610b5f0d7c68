import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';

/** The ways to the network. Tests replace them. */
export interface Network {
  /** All IPv4 and IPv6 addresses of the name. */
  resolve(host: string): Promise<readonly string[]>;
  /** Opens a connection to exactly this address. */
  connect(address: string, port: number): Socket;
}

export const systemNetwork: Network = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  connect: (address, port) => connect({ host: address, port }),
};
