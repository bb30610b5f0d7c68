import { searchMessages } from './search-messages.ts';

export const searchRoutes = [searchMessages] as const;
