import journal from './meta/_journal.json';
import m0000 from './0000_keep_incidents.sql';
import m0001 from './0001_subscriptions.sql';

  export default {
    journal,
    migrations: {
      m0000,
m0001
    }
  }
  