import { connect } from '../shared/realtime/connect.ts';

export const handler = connect;
