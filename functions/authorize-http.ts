export { authorizeHttp as handler } from '../shared/identity/authorize-http.ts';
