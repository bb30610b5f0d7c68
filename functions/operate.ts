export { operate as handler } from '../shared/features/provisioning/operate.ts';
