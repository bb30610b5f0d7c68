import { getHealth } from './get-health.ts';
import { getJwks } from './get-jwks.ts';
import { getOpenidConfiguration } from './get-openid-configuration.ts';

export const platformRoutes = [getHealth, getJwks, getOpenidConfiguration] as const;
