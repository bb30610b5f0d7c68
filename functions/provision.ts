export { provision as handler } from '../shared/features/provisioning/provision.ts';
