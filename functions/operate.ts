export { operate as handler } from '../shared/tenants/operate.ts';
