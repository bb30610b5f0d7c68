export { authorizeSocket as handler } from '../shared/identity/authorize-socket.ts';
