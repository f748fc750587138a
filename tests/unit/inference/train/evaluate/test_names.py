from inference.train.evaluate.names import figure_name


def test_a_name_is_a_key_of_toml_and_a_placeholder():
    assert figure_name("Left lung") == "left_lung"
    assert figure_name("  GE (Revolution) 1.5T ") == "ge_revolution_1_5t"
    assert figure_name("") == figure_name("---") == "unknown"
