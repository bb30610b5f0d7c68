export { authorizeSocket as handler } from '../shared/features/identity/authorize-socket.ts';
