import journal from './meta/_journal.json';
import m0000 from './0000_keep_wakes_until_acknowledged.sql';
import m0001 from './0001_remember_the_observed_place.sql';
import m0002 from './0002_remember_when_it_looked_at_its_controls.sql';

  export default {
    journal,
    migrations: {
      m0000,
m0001,
m0002
    }
  }
  