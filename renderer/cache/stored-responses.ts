import { ask } from '../bridge/larder-api';
import { StoredList } from '../state/stored-list';

/** The list behind the Cache grid. */
export const storedList = new StoredList((query) => ask('cache.list', query));
