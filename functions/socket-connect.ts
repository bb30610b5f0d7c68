import { connect } from '../shared/features/sockets/connect.ts';

export const handler = connect;
