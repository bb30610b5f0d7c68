export { authorizeHttp as handler } from '../shared/features/identity/authorize-http.ts';
