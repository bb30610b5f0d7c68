import { healthRoutes } from '../shared/contract/health/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { getHealth } from '../shared/features/health/get-health.ts';
import { getJwks } from '../shared/features/identity/get-jwks.ts';
import { getOpenidConfiguration } from '../shared/features/identity/get-openid-configuration.ts';
import { refuseUnrouted } from '../shared/transport/refuse-unrouted.ts';

export const handler = serve(healthRoutes, { getHealth, getJwks, getOpenidConfiguration }, refuseUnrouted);
