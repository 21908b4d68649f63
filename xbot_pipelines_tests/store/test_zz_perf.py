import time
from datetime import timedelta
from sqlalchemy import text
from xbot_pipelines_tests.store.given import posted
from xbot_pipelines.store.followers import viewed_posts
from xbot_pipelines.systems.followers import attribute
from xbot_pipelines_tests.conftest import *
def test_it(database, clock):
    now=clock.now()
    for k in range(150): posted(database, str(1900000000000000000+k), at=now-timedelta(days=6)+timedelta(minutes=50*k))
    with database.transaction() as c:
        c.execute(text("INSERT INTO tweet_metrics (account,tweet_id,observed_at,views,source) SELECT account,tweet_id,posted_at+n*interval '10 min',n,'metrics_scraper' FROM posted_decisions, generate_series(1,1000) n"))
        c.execute(text("INSERT INTO follower_snapshots (account,observed_at,followers) SELECT 'practice', timestamptz '2026-03-02 12:00+00'-n*interval '10 min',2000-n/10 FROM generate_series(0,1300) n"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c: c.execute(text("ANALYZE"))
    a=time.time(); v=viewed_posts(database,since=now-timedelta(days=9),until=now,seen_for=timedelta(days=7)); print("query",time.time()-a,len(v),sum(len(x.views) for x in v))
    a=time.time(); s=attribute(database,clock=clock); print("attribute",time.time()-a,len(s.tracked))
    a=time.time(); s=attribute(database,clock=clock); print("attribute",time.time()-a,len(s.tracked))
