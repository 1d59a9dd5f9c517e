import journal from './meta/_journal.json';
import m0000 from './0000_keep_wakes_until_acknowledged.sql';
import m0001 from './0001_remember_the_observed_place.sql';

  export default {
    journal,
    migrations: {
      m0000,
m0001
    }
  }
  