import { platformRoutes } from '../shared/contract/platform/routes.ts';
import { serve } from '../shared/handler/http.ts';
import { getHealth } from '../shared/platform/get-health.ts';
import { getJwks } from '../shared/platform/get-jwks.ts';
import { getOpenidConfiguration } from '../shared/platform/get-openid-configuration.ts';
import { refuseUnrouted } from '../shared/platform/refuse-unrouted.ts';

export const handler = serve(platformRoutes, { getHealth, getJwks, getOpenidConfiguration }, refuseUnrouted);
