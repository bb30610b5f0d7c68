import { getHealth } from './get-health.ts';
import { getJwks } from '../identity/get-jwks.ts';
import { getOpenidConfiguration } from '../identity/get-openid-configuration.ts';

export const healthRoutes = [getHealth, getJwks, getOpenidConfiguration] as const;
