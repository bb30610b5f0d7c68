import { laneTimers } from '../shared/features/lanes/lane-timers.ts';
import { webhookLane } from '../shared/features/webhooks/webhook-lane.ts';
import { serveLanes } from '../shared/transport/lanes.ts';

export const handler = serveLanes(laneTimers([webhookLane]));
